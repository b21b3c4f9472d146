// Package bedrock finds out which models of Amazon Bedrock an id or an ARN leads to, and
// what permits to stream from exactly these.
package bedrock

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

var (
	// modelID matches the ids of foundation models and system-defined inference
	// profiles.
	//
	// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_RequestParameters
	modelID = regexp.MustCompile(`^[a-z0-9-]+(\.[A-Za-z0-9-]+)+(:[A-Za-z0-9-]+)*$`)

	// modelARN matches the ARNs that ConverseStream accepts, except those of
	// prompts and prompt routers, which lead to models that they don't name.
	modelARN = regexp.MustCompile(`^arn:([a-z-]+):bedrock:([a-z0-9-]+):([0-9]{12})?:` +
		`(foundation-model|inference-profile|application-inference-profile|provisioned-model|imported-model|custom-model-deployment)/([A-Za-z0-9.:-]+)$`)

	// geography matches the first part of the known ids of inference profiles. No
	// provider of models has such a name.
	//
	// See: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
	geography = regexp.MustCompile(`^(apac|au|ca|eu|global|jp|us|us-gov)\.`)

	awsRegion = regexp.MustCompile(`^([a-z]{2,}(-[a-z]+)+-[0-9]+|global)$`)
)

const globalRegions = "global"

// applicationProfile is the resource of an inference profile whose name doesn't say its
// model.
const applicationProfile = "application-inference-profile"

// A Given is a model as an app names it, with the fields of infra.BedrockModelProps.
type Given struct {
	ModelId            *string
	DestinationRegions *[]*string
	FoundationModelId  *string
}

// A Model is a valid Given.
type Model struct {
	resource, name string // of the ARN
	arn            string // if it was given

	// Of an inference profile.
	foundationModel string
	regions         []string
	global          bool
}

// Parse returns the model of a stack in an environment, or what is wrong with it.
func Parse(env construct.Environment, given *Given) (*Model, string) {
	if given == nil || given.ModelId == nil {
		return nil, "got a model without ModelId: set an id or an ARN"
	}
	id := *given.ModelId
	model, parts := &Model{resource: "foundation-model", name: id}, modelARN.FindStringSubmatch(id)
	switch {
	case !construct.IsConcrete(&id):
		model = &Model{resource: applicationProfile, arn: id}
	case strings.ContainsAny(id, "*?"):
		return nil, fmt.Sprintf("got ModelId %q: use one model without wildcards, and others beside it", id)
	case parts != nil:
		if construct.IsConcrete(&env.Region) && (parts[1] != env.Partition() || parts[2] != env.Region) {
			return nil, fmt.Sprintf("got %s for a stack in %s, of partition %s: use a model of that region", id, env.Region, env.Partition())
		}
		model = &Model{resource: parts[4], name: parts[5], arn: id}
	case !modelID.MatchString(id):
		return nil, fmt.Sprintf(`got ModelId %q: use an id such as "amazon.nova-lite-v1:0", or the ARN of a model or an inference profile`, id)
	case geography.MatchString(id) || given.DestinationRegions != nil:
		model.resource = "inference-profile"
	}
	if model.isProfile() {
		return model, model.route(given)
	}
	return model, ""
}

func (m *Model) isProfile() bool { return strings.HasSuffix(m.resource, "inference-profile") }

// route finds out which foundation models an inference profile leads to.
func (m *Model) route(given *Given) string {
	if m.foundationModel = construct.Text(given.FoundationModelId); m.foundationModel == "" && geography.MatchString(m.name) {
		_, m.foundationModel, _ = strings.Cut(m.name, ".")
	}
	if !modelID.MatchString(m.foundationModel) {
		return fmt.Sprintf("got the inference profile %s with the foundation model %q: set FoundationModelId, such as amazon.nova-lite-v1:0", *given.ModelId, m.foundationModel)
	}
	if given.DestinationRegions == nil {
		m.global = strings.HasPrefix(m.name, "global.")
		if !m.global && m.resource != applicationProfile {
			return fmt.Sprintf("got the inference profile %s without DestinationRegions: set the regions that "+
				"`aws bedrock get-inference-profile --inference-profile-identifier %s` shows", *given.ModelId, m.name)
		}
		return ""
	}
	for _, region := range *given.DestinationRegions {
		if construct.IsConcrete(region) && !awsRegion.MatchString(*region) {
			return fmt.Sprintf(`got DestinationRegions with %q: use names of regions, such as eu-west-1, or the single word "global"`, *region)
		}
		m.regions = append(m.regions, *region)
	}
	m.global = slices.Equal(m.regions, []string{globalRegions})
	if len(m.regions) == 0 {
		return fmt.Sprintf("got no DestinationRegions for %s: set at least one", *given.ModelId)
	}
	return ""
}

// Grant permits a principal to stream from the model in the stack's region.
func (m *Model) Grant(stack awscdk.Stack, grantee awsiam.IGrantable) (grant awsiam.Grant) {
	for _, permission := range m.permissions(stack) {
		permission.Grantee = grantee
		granted := awsiam.Grant_AddToPrincipal(permission)
		if grant != nil {
			granted = grant.Combine(granted)
		}
		grant = granted
	}
	return grant
}

// permissions are what a principal in the stack's region needs to stream from the
// model.
func (m *Model) permissions(stack awscdk.Stack) []*awsiam.GrantOnPrincipalOptions {
	arn := m.arn
	switch {
	case arn != "":
	case m.isProfile():
		arn = *stack.FormatArn(&awscdk.ArnComponents{Service: jsii.String("bedrock"), Resource: &m.resource, ResourceName: &m.name})
	default:
		arn = foundationModelArn(stack, *stack.Region(), m.name)
	}
	permissions := []*awsiam.GrantOnPrincipalOptions{invocation(nil, arn)}
	if !m.isProfile() {
		return permissions
	}
	through := map[string]any{"bedrock:InferenceProfileArn": arn}
	source := foundationModelArn(stack, *stack.Region(), m.foundationModel)
	if !m.global {
		models := []string{source}
		for _, region := range m.regions {
			if region != *stack.Region() {
				models = append(models, foundationModelArn(stack, region, m.foundationModel))
			}
		}
		return append(permissions, invocation(through, models...))
	}
	// In a request that Bedrock sends to any region, the region is unspecified.
	//
	// See: https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
	return append(permissions,
		invocation(map[string]any{"bedrock:InferenceProfileArn": arn, "aws:RequestedRegion": *stack.Region()}, source),
		invocation(map[string]any{"bedrock:InferenceProfileArn": arn, "aws:RequestedRegion": "unspecified"}, foundationModelArn(stack, "", m.foundationModel)))
}

// foundationModelArn returns an ARN without an account: the models are AWS's.
func foundationModelArn(stack awscdk.Stack, region, id string) string {
	return *stack.FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("bedrock"),
		Region:       &region,
		Account:      jsii.String(""),
		Resource:     jsii.String("foundation-model"),
		ResourceName: &id,
	})
}

// invocation is the one action that both streaming operations need.
func invocation(equals map[string]any, arns ...string) *awsiam.GrantOnPrincipalOptions {
	options := &awsiam.GrantOnPrincipalOptions{
		Actions:      jsii.Strings("bedrock:InvokeModelWithResponseStream"),
		ResourceArns: jsii.Strings(arns...),
	}
	if equals != nil {
		options.Conditions = &map[string]*map[string]any{"StringEquals": &equals}
	}
	return options
}

package deployed

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// Logical ids of the demo.
const (
	handler      = "EndpointHandlerFunctionEED4ADC8"
	handlerURL   = "EndpointOriginFunctionUrlD5390C07"
	agent        = "EndpointAgentHandlerFunction7C838543"
	agentURL     = "EndpointAgentOriginFunctionUrl1ABE25D3"
	distribution = "EndpointDistribution23BEF816"
	hasher       = "BodyHasherFunctionF2258A68"
	hasherRole   = "BodyHasherRoleB8C56D87"

	invokeHandler = "EndpointDistributionOrigin2InvokeFunctionViaUrl9DCA7106"
	callAgent     = "EndpointDistributionOrigin3InvokeFromApiForCloudfurlEndpointDistributionOrigin3D5367032CF1E801F"
)

// An app is the demo, deployed: its stack in ap-northeast-1, and the edge stack in
// us-east-1.
type app struct {
	*cloud

	t        *testing.T
	aws      aws.Config
	template map[string]map[string]any // resources by logical id
	pruned   map[string]map[string]any // what moto creates of them, by stack
	names    map[string]string         // on AWS, by logical id
	version  string                    // ARN of body_hasher's
	front    front
}

// demoTemplates are the synthesized templates of the demo, as the snapshots of its test
// have them, by stack.
func demoTemplates(t *testing.T) map[string]string {
	t.Helper()
	snapshots, err := os.ReadFile("../../__snapshots__/app_test.snap")
	if err != nil {
		t.Fatal(err)
	}
	templates := map[string]string{}
	for _, match := range regexp.MustCompile(`(?s)\[TestApp_matches_the_snapshots/(\w+) - 1\]\n(.*?)\n---`).FindAllStringSubmatch(string(snapshots), -1) {
		templates[match[1]] = strings.ReplaceAll(match[2], `\u003cversion\u003e`, "")
	}
	return templates
}

// deploy deploys the demo: by moto's CloudFormation what that knows, else by APIs.
func deploy(t *testing.T) *app {
	t.Helper()
	a := &app{cloud: newCloud(t), t: t, template: map[string]map[string]any{}, pruned: map[string]map[string]any{}, names: map[string]string{}}
	var err error
	if a.aws, err = config.LoadDefaultConfig(t.Context(), config.WithRetryMaxAttempts(1)); err != nil {
		t.Fatal(err)
	}
	a.templates = demoTemplates(t)
	a.createStack("CloudfurlEdge", "us-east-1", "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::Logs::LogGroup")
	a.version = a.publish()
	a.createStack("Cloudfurl", "ap-northeast-1", "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::S3::Bucket", "AWS::Logs::LogGroup")
	for id, function := range map[string]string{handlerURL: handler, agentURL: agent} {
		output, err := a.lambda("ap-northeast-1").CreateFunctionUrlConfig(t.Context(), &lambda.CreateFunctionUrlConfigInput{
			FunctionName: aws.String(a.names[function]), AuthType: types.FunctionUrlAuthTypeAwsIam, InvokeMode: types.InvokeModeResponseStream})
		a.must(err)
		a.created("Cloudfurl", id, typeURL, *output.FunctionArn)
		a.names[id+".domain"] = strings.Trim(strings.TrimPrefix(*output.FunctionUrl, "https://"), "/")
	}
	a.createFront()
	a.created("Cloudfurl", "EndpointStaticFilesDeploymentCustomResourceDA243E41", "Custom::CDKBucketDeployment", "files")
	for id, function := range permissions {
		a.created("Cloudfurl", id, typePermission, "Cloudfurl-"+id)
		a.permit(id, function)
	}
	return a
}

func (a *app) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *app) lambda(region string) *lambda.Client {
	return lambda.NewFromConfig(a.aws, func(o *lambda.Options) { o.Region = region })
}

// created adds a resource to a stack.
func (a *app) created(stack, id, kind, name string) {
	a.names[id] = name
	a.resources[stack] = append(a.resources[stack], [3]string{id, kind, name})
}

// createStack creates the resources of some types of a stack.
func (a *app) createStack(name, region string, kinds ...string) {
	a.t.Helper()
	var template struct {
		Resources map[string]map[string]any
	}
	a.must(json.Unmarshal([]byte(a.templates[name]), &template))
	pruned := map[string]any{}
	for id, resource := range template.Resources {
		a.template[id] = resource
		if slices.Contains(kinds, resource["Type"].(string)) && !strings.HasPrefix(id, "CustomCDK") {
			pruned[id] = resource
		}
	}
	a.pruned[name] = pruned
	body, err := json.Marshal(map[string]any{"Resources": pruned})
	a.must(err)
	client := a.cloudFormation(region)
	_, err = client.CreateStack(a.t.Context(), &cloudformation.CreateStackInput{StackName: &name, TemplateBody: aws.String(string(body))})
	a.must(err)
	rows, err := client.ListStackResources(a.t.Context(), &cloudformation.ListStackResourcesInput{StackName: &name})
	a.must(err)
	for _, row := range rows.StackResourceSummaries {
		a.names[*row.LogicalResourceId] = *row.PhysicalResourceId
	}
}

func (a *app) cloudFormation(region string) *cloudformation.Client {
	return cloudformation.NewFromConfig(a.aws, func(o *cloudformation.Options) { o.Region = region })
}

// publish publishes a version of body_hasher as the edge stack's current one, for which
// moto's CloudFormation has no name, and returns its ARN.
func (a *app) publish() string {
	a.t.Helper()
	client := a.lambda("us-east-1")
	_, err := client.UpdateFunctionCode(a.t.Context(), &lambda.UpdateFunctionCodeInput{FunctionName: aws.String(a.names[hasher]), ZipFile: []byte(rand.Text())})
	a.must(err)
	output, err := client.PublishVersion(a.t.Context(), &lambda.PublishVersionInput{FunctionName: aws.String(a.names[hasher])})
	a.must(err)
	arn := *output.FunctionArn
	if !strings.HasSuffix(arn, ":"+*output.Version) {
		arn += ":" + *output.Version
	}
	a.resources["CloudfurlEdge"] = [][3]string{{"BodyHasherFunctionCurrentVersionF0438799", "AWS::Lambda::Version", arn}}
	body, err := json.Marshal(map[string]any{"Resources": a.pruned["CloudfurlEdge"], "Outputs": map[string]any{"BodyHasherVersionArn3ABBAA99": map[string]any{"Value": arn}}})
	a.must(err)
	_, err = a.cloudFormation("us-east-1").UpdateStack(a.t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("CloudfurlEdge"), TemplateBody: aws.String(string(body))})
	a.must(err)
	return arn
}

// permissions are those of the demo's template, with the function that they are about.
var permissions = map[string]string{
	"EndpointDistributionOrigin2InvokeFromApiForCloudfurlEndpointDistributionOrigin20DCF37509DC3F90D": handler,
	invokeHandler: handler,
	callAgent:     agent,
	"EndpointDistributionOrigin3InvokeFunctionViaUrlAAEC330A": agent,
}

// permit adds the statement of a permission to a function's policy.
func (a *app) permit(id, function string) {
	a.t.Helper()
	input := &lambda.AddPermissionInput{
		FunctionName: aws.String(a.names[function]), StatementId: aws.String("Cloudfurl-" + id), Principal: aws.String("cloudfront.amazonaws.com"),
		Action: aws.String("lambda:InvokeFunctionUrl"), FunctionUrlAuthType: types.FunctionUrlAuthTypeAwsIam,
		SourceArn: aws.String("arn:aws:cloudfront::123456789012:distribution/" + a.names[distribution]),
	}
	if strings.Contains(id, "InvokeFunctionViaUrl") {
		input.Action, input.FunctionUrlAuthType, input.InvokedViaFunctionUrl = aws.String("lambda:InvokeFunction"), "", aws.Bool(true)
	}
	_, err := a.lambda("ap-northeast-1").AddPermission(a.t.Context(), input)
	a.must(err)
}

// revoke removes the statement of a permission.
func (a *app) revoke(id, function string) {
	a.t.Helper()
	_, err := a.lambda("ap-northeast-1").RemovePermission(a.t.Context(), &lambda.RemovePermissionInput{FunctionName: aws.String(a.names[function]), StatementId: aws.String("Cloudfurl-" + id)})
	a.must(err)
}

// trust replaces the trust policy of body_hasher's role.
func (a *app) trust(services ...string) {
	a.t.Helper()
	document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{
		map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": services}}}})
	a.must(err)
	_, err = iam.NewFromConfig(a.aws).UpdateAssumeRolePolicy(a.t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String(a.names[hasherRole]), PolicyDocument: aws.String(string(document))})
	a.must(err)
}

package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/bedrock"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// BedrockModelProps are the properties of a BedrockModel, in the words of Amazon
// Bedrock's API. ModelId is required.
type BedrockModelProps struct {
	// ModelId is what requests name: the id of a foundation model, such as
	// "amazon.nova-lite-v1:0", or of a system-defined inference profile, such as
	// "eu.amazon.nova-lite-v1:0", or an ARN: of one of these, of an application
	// inference profile, of provisioned throughput, or of an imported or custom
	// model. An ARN that is only known at deployment is an application inference
	// profile's. All of them are in the region of the stack.
	ModelId *string

	// DestinationRegions are the regions to which an inference profile sends
	// requests, or the single word "global" for all commercial ones. AWS adds to
	// them over time. What they are now:
	//
	//	aws bedrock get-inference-profile --inference-profile-identifier ID --query models[].modelArn
	//
	// Default: all commercial regions for an id that begins with "global.", the
	// stack's region for an application inference profile; required for other
	// inference profiles
	DestinationRegions *[]*string

	// FoundationModelId is the id of the foundation model behind an inference
	// profile.
	//
	// Default: the profile's id without its first part; required for application
	// inference profiles
	FoundationModelId *string
}

// A BedrockModel is a model of Amazon Bedrock, for the stack that calls it. It
// defines no resource.
type BedrockModel struct {
	construct.Base

	// ModelId is what requests name.
	ModelId *string

	model *bedrock.Model
}

// NewBedrockModel defines a BedrockModel. It panics with an *Error if the model
// isn't one of the stack's region and partition, or would need a wildcard.
func NewBedrockModel(scope constructs.Construct, id *string, props *BedrockModelProps) *BedrockModel {
	defer construct.Within(scope, id, props)()
	model, problem := bedrock.Parse(construct.EnvironmentOf(scope), (*bedrock.Given)(props))
	if problem != "" {
		construct.Fail(scope, id, "%s", problem)
	}
	m := &BedrockModel{ModelId: props.ModelId, model: model}
	constructs.NewConstruct_Override(m, scope, id)
	return m
}

// GrantInvokeWithResponseStream permits to stream from the model, with
// ConverseStream and InvokeModelWithResponseStream, and to do nothing else. A
// foundation model behind an inference profile is permitted only through it. It
// panics with an *Error if the grantee has no policy that the app can change, such
// as a function that was imported without its role.
//
// A function's timeout has to be enough for the whole answer; HandlerFunction's
// default is 5 minutes. The account needs access to the model.
//
// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
// See: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
func (m *BedrockModel) GrantInvokeWithResponseStream(grantee awsiam.IGrantable) awsiam.Grant {
	defer construct.Reporting(m, nil)()
	if construct.IsNil(grantee) {
		construct.Fail(m, nil, "GrantInvokeWithResponseStream got no grantee: pass a function or a role")
	}
	grant := m.model.Grant(awscdk.Stack_Of(m), grantee)
	// The CDK only warns of a function without a role.
	function, ok := grantee.(awslambda.IFunction)
	if ok && function.Role() == nil || !*grant.Success() {
		construct.Fail(m, nil, "GrantInvokeWithResponseStream got a grantee without a policy to add to: pass a role, or import the function with its Role")
	}
	return grant
}

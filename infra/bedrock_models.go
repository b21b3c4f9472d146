package infra

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/bedrock"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// BedrockModelsProps are the properties of GrantBedrockModels.
type BedrockModelsProps struct {
	// Models are what the function may invoke. At least one is required.
	Models []*BedrockModel

	// EnvironmentVariable tells the function its first model, as "bedrock:" and the
	// ModelId. It replaces the variable of this name in FunctionOptions. An empty
	// name sets none.
	//
	// Default: AGENT_MODEL, which functions/agent reads
	EnvironmentVariable *string
}

// A BedrockModel is a model of Amazon Bedrock, in the words of its API.
type BedrockModel struct {
	// ModelId is what requests name: the id of a foundation model, such as
	// "amazon.nova-lite-v1:0", or of a system-defined inference profile, such as
	// "eu.amazon.nova-lite-v1:0", or an ARN: of one of these, of an application
	// inference profile, of provisioned throughput, or of an imported or custom
	// model. An ARN that is only known at deployment is an application inference
	// profile's. All of them are in the function's region.
	ModelId *string

	// DestinationRegions are the regions to which an inference profile sends
	// requests, or the single word "global" for all commercial ones. AWS adds to
	// them over time. What they are now:
	//
	//	aws bedrock get-inference-profile --inference-profile-identifier ID --query models[].modelArn
	//
	// Default: all commercial regions for an id that begins with "global.", the
	// function's region for an application inference profile; required for other
	// inference profiles
	DestinationRegions *[]*string

	// FoundationModelId is the id of the foundation model behind an inference
	// profile.
	//
	// Default: the profile's id without its first part; required for application
	// inference profiles
	FoundationModelId *string
}

// environmentName matches the names that Lambda accepts.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
var environmentName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

// GrantBedrockModels permits a function to stream from models of Amazon Bedrock,
// with ConverseStream and InvokeModelWithResponseStream, and from nothing else.
// Foundation models behind an inference profile are permitted only through it. It
// panics with an *Error about the function if a model isn't one of its region and
// partition, or would need a wildcard.
//
// The function's timeout has to be enough for the whole answer; HandlerFunction's
// default is 5 minutes. The account needs access to the models.
//
// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
// See: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
func GrantBedrockModels(function awslambda.IFunction, props *BedrockModelsProps) {
	defer construct.About(function, "GrantBedrockModels", "function", nil)()
	if props == nil || len(props.Models) == 0 {
		construct.Fail(function, nil, `GrantBedrockModels got no Models: give one, such as {ModelId: jsii.String("amazon.nova-lite-v1:0")}`)
	}
	if function.Role() == nil {
		construct.Fail(function, nil, "GrantBedrockModels got an imported function without a role: import it with its Role")
	}
	var statements []awsiam.PolicyStatement
	for _, model := range props.Models {
		parsed, problem := bedrock.Parse(construct.EnvironmentOf(function), (*bedrock.Given)(model))
		if problem != "" {
			construct.Fail(function, nil, "GrantBedrockModels %s", problem)
		}
		statements = append(statements, parsed.Statements(function.Stack())...)
	}
	for _, statement := range statements {
		function.AddToRolePolicy(statement)
	}
	setModelVariable(function, props)
}

// setModelVariable tells the function its first model.
func setModelVariable(function awslambda.IFunction, props *BedrockModelsProps) {
	name := contract.EnvironmentAgentModel
	if props.EnvironmentVariable != nil {
		name = *props.EnvironmentVariable
	}
	if name == "" {
		return
	}
	if !environmentName.MatchString(name) {
		construct.Fail(function, nil, "GrantBedrockModels got EnvironmentVariable %q: give letters, digits and underscores, beginning with a letter, or an empty name for none", name)
	}
	defined, ok := function.(awslambda.Function)
	if !ok {
		construct.Fail(function, nil, "GrantBedrockModels can't set %s of an imported function: give an empty EnvironmentVariable, and set it where the function is defined", name)
	}
	defined.AddEnvironment(jsii.String(name), jsii.String("bedrock:"+*props.Models[0].ModelId), nil)
}

package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// An agent that streams from Amazon Bedrock, through an inference profile of
// Europe.
func ExampleNewBedrockModel() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Agent"), nil)

	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("github.com/cloudfurl/cloudfurl/functions/agent"),
		FunctionOptions: &awslambda.FunctionOptions{
			Environment: &map[string]*string{"AGENT_MODEL": jsii.String("bedrock:eu.amazon.nova-lite-v1:0")},
		},
	})
	model := infra.NewBedrockModel(stack, jsii.String("Model"), &infra.BedrockModelProps{
		ModelId:            jsii.String("eu.amazon.nova-lite-v1:0"),
		DestinationRegions: jsii.Strings("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"),
	})
	model.GrantInvokeWithResponseStream(api.Function)
}

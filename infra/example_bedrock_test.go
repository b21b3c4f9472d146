package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// An agent that streams from Amazon Bedrock, through an inference profile of
// Europe.
func ExampleGrantBedrockModels() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Agent"), nil)

	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("github.com/cloudfurl/cloudfurl/functions/agent"),
	})
	infra.GrantBedrockModels(api.Function, &infra.BedrockModelsProps{
		Models: []*infra.BedrockModel{{
			ModelId:            jsii.String("eu.amazon.nova-lite-v1:0"),
			DestinationRegions: jsii.Strings("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"),
		}},
	})
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Agent"), nil)
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("github.com/cloudfurl/cloudfurl/functions/agent"),
	})
	if model, ok := stack.Node().TryGetContext(jsii.String("model")).(string); ok {
		infra.GrantBedrockModels(api.Function, &infra.BedrockModelsProps{
			Models: []*infra.BedrockModel{{ModelId: jsii.String(model)}},
		})
	}
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})
	app.Synth(nil)
}

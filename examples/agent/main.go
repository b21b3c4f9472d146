package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/runs"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Agent"), nil)
	options := new(awslambda.FunctionOptions)
	model, ok := stack.Node().TryGetContext(jsii.String("model")).(string)
	if ok {
		options.Environment = &map[string]*string{"AGENT_MODEL": jsii.String("bedrock:" + model)}
	}
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:         infra.GoHandler("github.com/cloudfurl/cloudfurl/functions/agent"),
		FunctionOptions: options,
	})
	if ok {
		infra.NewBedrockModel(stack, jsii.String("Model"), &infra.BedrockModelProps{
			ModelId: jsii.String(model),
		}).GrantInvokeWithResponseStream(api.Function)
	}
	// Reloads, second tabs and broken connections continue a run. Bounded, because
	// everybody may ask.
	runs.NewTable(stack, jsii.String("Runs"), &runs.TableProps{TableOptions: &awsdynamodb.TablePropsV2{
		Billing: awsdynamodb.Billing_OnDemand(&awsdynamodb.MaxThroughputProps{
			MaxReadRequestUnits:  jsii.Number(200),
			MaxWriteRequestUnits: jsii.Number(200),
		}),
	}}).Grant(api.Function)
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})
	app.Synth(nil)
}

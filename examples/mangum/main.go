// Mangum is a FastAPI app in Lambda's Python runtime, whose responses aren't
// streamed.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Mangum"), nil)
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.PythonHandler("./app"),
		FunctionOptions: &awslambda.FunctionOptions{
			Timeout: awscdk.Duration_Minutes(jsii.Number(1)), // CloudFront waits no longer, as nothing streams
		},
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})
	app.Synth(nil)
}

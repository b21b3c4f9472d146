// Viewer-hash is an endpoint without an edge function: its callers hash their
// bodies themselves.
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
	stack := awscdk.NewStack(app, jsii.String("ViewerHash"), nil)
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:     infra.GoHandler("./handler"),
		BodyHashing: infra.BodyHashing_VIEWER,
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})
	app.Synth(nil)
}

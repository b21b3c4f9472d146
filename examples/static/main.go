// Static is a static site with a streaming API below /api/*, both behind one
// endpoint.
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
	stack := awscdk.NewStack(app, jsii.String("Static"), nil)
	web := infra.NewEndpoint(stack, jsii.String("Web"), &infra.EndpointProps{
		Handler:     infra.GoHandler("./handler"),
		StaticFiles: &infra.StaticFilesProps{Directory: jsii.String("./site")},
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: web.Url()})
	app.Synth(nil)
}

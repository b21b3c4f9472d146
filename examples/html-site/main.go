// Html-site is a site of HTML pages with forms: a REST API makes the pages, and a
// bucket has the static files.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/restapi"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("HtmlSite"), nil)
	pages := restapi.NewStreamingRestApi(stack, jsii.String("Pages"), &restapi.StreamingRestApiProps{
		Handler:       infra.GoHandler("./handler"),
		Authorization: restapi.Authorization_API_KEY,
	})
	site := infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{
		Origin: pages.Origin(nil),
		StaticFiles: &infra.StaticFilesProps{
			Directory:    jsii.String("./static"),
			PathPatterns: jsii.Strings("/images/*", "/css/*", "/js/*", "/favicon.ico"),
		},
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: site.Url()})
	app.Synth(nil)
}

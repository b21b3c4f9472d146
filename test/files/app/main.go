// App is a single-page app and an API behind a password, and a manual for
// everyone.
package main

import (
	"cmp"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Files"), nil)
	web := infra.NewEndpoint(stack, jsii.String("Web"), &infra.EndpointProps{
		Handler: infra.GoHandler("../../../functions/demo"),
		StaticFiles: &infra.StaticFilesProps{
			Directory:     jsii.String(cmp.Or(os.Getenv("FILES_SPA"), "spa")),
			SinglePageApp: jsii.Bool(true),
		},
		PathPatterns:      jsii.Strings("/echo", "/api/*"),
		ViewerRequestFile: jsii.String("viewer_request.js"),
	})
	manual := infra.NewStaticFiles(stack, jsii.String("Manual"), &infra.StaticFilesProps{
		Directory:    jsii.String("manual"),
		PathPatterns: jsii.Strings("/docs", "/docs/*"),
	})
	manual.AddBehaviors(web.Distribution)
	app.Synth(nil)
}

package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// A single-page app with a streaming API.
func ExampleNewEndpoint_site() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Web"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		StaticFiles: &infra.StaticFilesProps{
			Directory:     jsii.String("./dist"),
			SinglePageApp: jsii.Bool(true),
		},
		PathPatterns: jsii.Strings("/api/*", "/events"),
	})
}

// A handler that serves pages, with its styles and scripts in a bucket.
func ExampleNewEndpoint_staticFiles() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Web"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		StaticFiles: &infra.StaticFilesProps{
			Directory:    jsii.String("./static"),
			PathPatterns: jsii.Strings("/css/*", "/js/*", "/favicon.ico"),
		},
	})
}

// Static files of an existing distribution.
func ExampleNewStaticFiles() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), nil)
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin: awscloudfrontorigins.NewHttpOrigin(jsii.String("www.example.com"), nil),
		},
	})

	files := infra.NewStaticFiles(stack, jsii.String("Files"), &infra.StaticFilesProps{
		Directory:    jsii.String("./static"),
		PathPatterns: jsii.Strings("/css/*", "/js/*", "/favicon.ico"),
	})
	files.AddBehaviors(distribution)
}

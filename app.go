// Command cloudfurl is the CDK app of the demo: it defines the stacks
// CloudfurlEdge, in us-east-1, and Cloudfurl, in the region given by the
// context.
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
	newStacks(app)
	app.Synth(nil)
}

// newStacks defines the stacks of the app.
func newStacks(app awscdk.App) {
	settings := readSettings(app)
	edge := infra.NewEdgeStack(app, jsii.String("CloudfurlEdge"), &infra.EdgeStackProps{
		StackProps: awscdk.StackProps{
			Env:         settings.environment("us-east-1"),
			Description: jsii.String("The Lambda@Edge function of cloudfurl"),
		},
	})
	newDemoStack(app, jsii.String("Cloudfurl"), &demoStackProps{
		StackProps: awscdk.StackProps{
			Env:         settings.environment(settings.Region),
			Description: jsii.String("A streaming function URL behind CloudFront"),
		},
		Architecture: settings.Architecture,
		BodyHasher:   edge.BodyHasher,
	})
}

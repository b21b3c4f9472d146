// Command cloudfurl is the CDK app of the demo: it defines the stacks
// CloudfurlEdge, in us-east-1, and Cloudfurl, in the region that the context
// gives. The cdk command runs it. The command that serves an app locally is
// cmd/cloudfurl.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	// The cdk command says where to write the assembly.
	if os.Getenv("CDK_OUTDIR") == "" {
		fmt.Fprintln(os.Stderr, "This is the CDK app of cloudfurl's demo, for the cdk command to run; the command cloudfurl is in cmd/cloudfurl (go install github.com/cloudfurl/cloudfurl/cmd/cloudfurl).")
		os.Exit(2)
	}
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	newStacks(app)
	app.Synth(nil)
}

// newStacks defines the stacks of the app, in a stage if the context names one.
func newStacks(app awscdk.App) {
	settings := readSettings(app)
	scope := constructs.Construct(app)
	if settings.Stage != "" {
		scope = awscdk.NewStage(app, jsii.String(settings.Stage), nil)
	}
	edge := infra.NewEdgeStack(scope, jsii.String("CloudfurlEdge"), &infra.EdgeStackProps{
		StackProps: awscdk.StackProps{
			Env:         settings.environment("us-east-1"),
			Description: jsii.String("The Lambda@Edge function of cloudfurl"),
		},
	})
	newDemoStack(scope, jsii.String("Cloudfurl"), &demoStackProps{
		StackProps: awscdk.StackProps{
			Env:         settings.environment(settings.Region),
			Description: jsii.String("A streaming function URL behind CloudFront"),
		},
		settings:   settings,
		BodyHasher: edge.BodyHasher,
	})
}

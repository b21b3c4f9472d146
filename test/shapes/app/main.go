// Command app is a CDK app in plain awscdk, without package infra. Each shape of a
// streaming or buffered function URL behind CloudFront is a stage. Its assembly
// can be served alone or with the others.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// account is the account of all stacks.
const account = "111122223333"

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	newStreamShape(app)
	newPublicShape(app)
	newEdgeFunctionShape(app)
	newStrongReferenceShape(app)
	newWeakReferenceShape(app)
	newTemplateShape(app)
	newBehaviorShape(app)
	newAssetShape(app)
	newLayerShape(app)
	newFaultShape(app)
	newRESTShape(app)
	app.Synth(nil)
}

package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// newAssetShape defines functions whose code is an asset: a directory, and the zip
// file that the environment variable SHAPES_ZIP names.
func newAssetShape(app awscdk.App) {
	stage := awscdk.NewStage(app, jsii.String("Asset"), nil)
	for _, asset := range []struct{ id, path string }{{"Directory", buffered().directory}, {"Archive", os.Getenv("SHAPES_ZIP")}} {
		stack := newStack(stage, asset.id, "sa-east-1")
		function := awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
			Runtime: buffered().runtime,
			Handler: jsii.String(buffered().greeter),
			Code:    awslambda.Code_FromAsset(jsii.String(asset.path), nil),
		})
		url := newFunctionURL(function, awslambda.InvokeMode_BUFFERED)
		newDistribution(stack, behavior(url))
	}
}

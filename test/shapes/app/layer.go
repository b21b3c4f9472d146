package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// newLayerShape defines a function with a layer that has a module and a wrapper
// script.
func newLayerShape(app awscdk.App) {
	stack := newStack(awscdk.NewStage(app, jsii.String("Layer"), nil), "Site", "eu-west-1")
	layer := awslambda.NewLayerVersion(stack, jsii.String("Words"), &awslambda.LayerVersionProps{
		Code:               awslambda.Code_FromAsset(jsii.String("app/code/layer"), nil),
		CompatibleRuntimes: &[]awslambda.Runtime{buffered().runtime},
	})
	function := awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
		Runtime:     buffered().runtime,
		Handler:     jsii.String("index.handler"),
		Code:        awslambda.Code_FromInline(buffered().layered),
		Layers:      &[]awslambda.ILayerVersion{layer},
		Environment: &map[string]*string{"AWS_LAMBDA_EXEC_WRAPPER": jsii.String("/opt/wrapper")},
	})
	url := newFunctionURL(function, awslambda.InvokeMode_BUFFERED)
	newDistribution(stack, behavior(url))
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront/experimental"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// newEdgeFunctionShape defines a hasher with experimental.EdgeFunction, which
// passes its ARN across regions in an SSM parameter that a custom resource reads.
func newEdgeFunctionShape(app awscdk.App) {
	stack := newStack(awscdk.NewStage(app, jsii.String("EdgeFunction"), nil), "Site", "ap-northeast-1")
	hasher := experimental.NewEdgeFunction(stack, jsii.String("Hasher"), &experimental.EdgeFunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(source("hasher.js")),
	})
	newSite(stack, atOriginRequest(hasher.CurrentVersion()))
}

// newStrongReferenceShape passes the ARN of the hasher's version across regions
// with the custom resources of crossRegionReferences.
func newStrongReferenceShape(app awscdk.App) {
	newSiteWithEdgeStack(awscdk.NewStage(app, jsii.String("Strong"), nil), jsii.Bool(true))
}

// newWeakReferenceShape passes it with Fn::GetStackOutput.
func newWeakReferenceShape(app awscdk.App) {
	stage := awscdk.NewStage(app, jsii.String("Weak"), nil)
	stage.Node().SetContext(jsii.String("@aws-cdk/core:defaultCrossStackReferences"), "weak")
	newSiteWithEdgeStack(stage, nil)
}

func newSiteWithEdgeStack(stage awscdk.Stage, crossRegionReferences *bool) {
	edge := awscdk.NewStack(stage, jsii.String("Edge"), &awscdk.StackProps{
		Env:                   environment("us-east-1"),
		CrossRegionReferences: crossRegionReferences,
	})
	hasher := newNodeFunction(edge, "Hasher", "hasher.js", 5)
	site := awscdk.NewStack(stage, jsii.String("Site"), &awscdk.StackProps{
		Env:                   environment("ap-northeast-1"),
		CrossRegionReferences: crossRegionReferences,
	})
	newSite(site, atOriginRequest(hasher.CurrentVersion()))
}

// newSite defines a distribution and a function that describes its request.
func newSite(stack awscdk.Stack, edge *awscloudfront.EdgeLambda) {
	function := newNodeFunction(stack, "Function", "inspect.js", 5)
	url := newFunctionURL(function, awslambda.InvokeMode_BUFFERED)
	newDistribution(stack, behavior(url, edge))
}

package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newFaultShape defines handlers and edge functions that fail, each at a path of
// one distribution. The environment variable SHAPES_HANDLER names the directory
// of the Go handler.
func newFaultShape(app awscdk.App) {
	stack := newStack(awscdk.NewStage(app, jsii.String("Fault"), nil), "Site", "us-east-1")
	node := newNodeFunction(stack, "Node", "fault.js", 1)
	distribution := newDistribution(stack, behavior(newFunctionURL(node, awslambda.InvokeMode_RESPONSE_STREAM)))

	for _, part := range []struct {
		path     string
		function awslambda.Function
	}{
		{"/crash", newNodeFunction(stack, "Crash", "crash.js", 5)},
		{"/lambdaurl/*", newGoFunction(stack, "Lambdaurl", "lambdaurl")},
		{"/streamhttp/*", newGoFunction(stack, "Streamhttp", "streamhttp")},
	} {
		url := newFunctionURL(part.function, awslambda.InvokeMode_RESPONSE_STREAM)
		distribution.AddBehavior(jsii.String(part.path), awscloudfrontorigins.FunctionUrlOrigin_WithOriginAccessControl(url, nil), &awscloudfront.AddBehaviorOptions{
			AllowedMethods:      awscloudfront.AllowedMethods_ALLOW_ALL(),
			CachePolicy:         awscloudfront.CachePolicy_CACHING_DISABLED(),
			OriginRequestPolicy: awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
		})
	}
	addEdgeFaults(stack, distribution, newFunctionURL(newNodeFunction(stack, "Well", "inspect.js", 5), awslambda.InvokeMode_BUFFERED))
}

// newGoFunction defines a function with the Go handler. library is the package
// that converts its events.
func newGoFunction(scope constructs.Construct, id, library string) awslambda.Function {
	return awslambda.NewFunction(scope, jsii.String(id), &awslambda.FunctionProps{
		Runtime:     awslambda.Runtime_PROVIDED_AL2023(),
		Handler:     jsii.String("bootstrap"),
		Code:        awslambda.Code_FromAsset(jsii.String(os.Getenv("SHAPES_HANDLER")), nil),
		Environment: &map[string]*string{"LIBRARY": jsii.String(library)},
		Timeout:     awscdk.Duration_Minutes(jsii.Number(1)),
	})
}

func addEdgeFaults(scope constructs.Construct, distribution awscloudfront.Distribution, url awslambda.FunctionUrl) {
	origin := awscloudfrontorigins.FunctionUrlOrigin_WithOriginAccessControl(url, nil)
	edge := newNodeFunction(scope, "EdgeFault", "edge_fault.js", 1)
	distribution.AddBehavior(jsii.String("/edge/*"), origin, &awscloudfront.AddBehaviorOptions{
		CachePolicy: awscloudfront.CachePolicy_CACHING_DISABLED(),
		EdgeLambdas: &[]*awscloudfront.EdgeLambda{{
			EventType:       awscloudfront.LambdaEdgeEventType_ORIGIN_REQUEST,
			FunctionVersion: edge.CurrentVersion(),
		}},
	})
	distribution.AddBehavior(jsii.String("/viewer/*"), origin, &awscloudfront.AddBehaviorOptions{
		CachePolicy: awscloudfront.CachePolicy_CACHING_DISABLED(),
		FunctionAssociations: &[]*awscloudfront.FunctionAssociation{{
			EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
			Function: awscloudfront.NewFunction(scope, jsii.String("ViewerFault"), &awscloudfront.FunctionProps{
				Code:    awscloudfront.FunctionCode_FromInline(source("viewer_fault.js")),
				Runtime: awscloudfront.FunctionRuntime_JS_2_0(),
			}),
		}},
	})
}

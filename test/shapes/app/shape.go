package main

import (
	"embed"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

//go:embed code
var code embed.FS

// source returns a file from the directory code.
func source(name string) *string {
	content, err := code.ReadFile("code/" + name)
	if err != nil {
		panic(err)
	}
	return jsii.String(string(content))
}

func newStack(scope constructs.Construct, id, region string) awscdk.Stack {
	return awscdk.NewStack(scope, jsii.String(id), &awscdk.StackProps{Env: environment(region)})
}

func environment(region string) *awscdk.Environment {
	return &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)}
}

// newNodeFunction defines a Node.js function with inline code from a file.
func newNodeFunction(scope constructs.Construct, id, file string, timeout float64) awslambda.Function {
	return awslambda.NewFunction(scope, jsii.String(id), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(source(file)),
		Timeout: awscdk.Duration_Seconds(jsii.Number(timeout)),
	})
}

func newFunctionURL(function awslambda.Function, mode awslambda.InvokeMode) awslambda.FunctionUrl {
	return function.AddFunctionUrl(&awslambda.FunctionUrlOptions{
		AuthType:   awslambda.FunctionUrlAuthType_AWS_IAM,
		InvokeMode: mode,
	})
}

// behavior forwards everything, uncached, to a function URL with origin access
// control.
func behavior(url awslambda.IFunctionUrl, edge ...*awscloudfront.EdgeLambda) *awscloudfront.BehaviorOptions {
	options := &awscloudfront.BehaviorOptions{
		Origin:              awscloudfrontorigins.FunctionUrlOrigin_WithOriginAccessControl(url, nil),
		AllowedMethods:      awscloudfront.AllowedMethods_ALLOW_ALL(),
		CachePolicy:         awscloudfront.CachePolicy_CACHING_DISABLED(),
		OriginRequestPolicy: awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
	}
	if len(edge) > 0 {
		options.EdgeLambdas = &edge
	}
	return options
}

func newDistribution(scope constructs.Construct, options *awscloudfront.BehaviorOptions) awscloudfront.Distribution {
	return awscloudfront.NewDistribution(scope, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: options})
}

// atOriginRequest associates an edge function with origin-request.
func atOriginRequest(version awslambda.IVersion) *awscloudfront.EdgeLambda {
	return &awscloudfront.EdgeLambda{
		EventType:       awscloudfront.LambdaEdgeEventType_ORIGIN_REQUEST,
		FunctionVersion: version,
		IncludeBody:     jsii.Bool(true),
	}
}

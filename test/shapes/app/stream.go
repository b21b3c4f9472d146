package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// newStreamShape defines a streaming Node.js handler in one stack in us-east-1,
// with L1 constructs for origin access control and both permissions.
func newStreamShape(app awscdk.App) {
	stack := newStack(awscdk.NewStage(app, jsii.String("Stream"), nil), "Site", "us-east-1")
	function := newNodeFunction(stack, "Function", "stream.js", 10)
	url := newFunctionURL(function, awslambda.InvokeMode_RESPONSE_STREAM)
	hasher := newNodeFunction(stack, "Hasher", "hasher.js", 5)

	oac := awscloudfront.NewCfnOriginAccessControl(stack, jsii.String("Access"), &awscloudfront.CfnOriginAccessControlProps{
		OriginAccessControlConfig: &awscloudfront.CfnOriginAccessControl_OriginAccessControlConfigProperty{
			Name:                          jsii.String("stream-access"),
			OriginAccessControlOriginType: jsii.String("lambda"),
			SigningBehavior:               jsii.String("always"),
			SigningProtocol:               jsii.String("sigv4"),
		},
	})
	options := behavior(url, atOriginRequest(hasher.CurrentVersion()))
	options.Origin = awscloudfrontorigins.NewHttpOrigin(awscdk.Fn_Select(jsii.Number(2), awscdk.Fn_Split(jsii.String("/"), url.Url(), nil)), &awscloudfrontorigins.HttpOriginProps{
		OriginAccessControlId: oac.AttrId(),
		ReadTimeout:           awscdk.Duration_Seconds(jsii.Number(30)),
	})
	distribution := newDistribution(stack, options)
	awslambda.NewCfnPermission(stack, jsii.String("InvokeUrl"), &awslambda.CfnPermissionProps{
		Action:              jsii.String("lambda:InvokeFunctionUrl"),
		FunctionName:        function.FunctionName(),
		FunctionUrlAuthType: jsii.String("AWS_IAM"),
		Principal:           jsii.String("cloudfront.amazonaws.com"),
		SourceArn:           distribution.DistributionArn(),
	})
	awslambda.NewCfnPermission(distribution, jsii.String("Invoke"), &awslambda.CfnPermissionProps{
		Action:                jsii.String("lambda:InvokeFunction"),
		FunctionName:          function.FunctionArn(),
		InvokedViaFunctionUrl: jsii.Bool(true),
		Principal:             jsii.String("cloudfront.amazonaws.com"),
		SourceArn:             distribution.DistributionArn(),
	})
}

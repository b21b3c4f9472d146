package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// newPublicShape defines a buffered handler with a public URL that allows CORS
// requests from one origin, and a distribution that doesn't sign.
func newPublicShape(app awscdk.App) {
	stack := newStack(awscdk.NewStage(app, jsii.String("Public"), nil), "Site", "eu-central-1")
	function := awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
		Runtime:     buffered().runtime,
		Handler:     jsii.String("index.handler"),
		Code:        awslambda.Code_FromInline(buffered().inline),
		Environment: &map[string]*string{"GREETING": jsii.String("hello from the environment")},
	})
	url := function.AddFunctionUrl(&awslambda.FunctionUrlOptions{
		AuthType: awslambda.FunctionUrlAuthType_NONE,
		Cors: &awslambda.FunctionUrlCorsOptions{
			AllowedOrigins: jsii.Strings("https://app.example.com"),
			AllowedMethods: &[]awslambda.HttpMethod{awslambda.HttpMethod_GET, awslambda.HttpMethod_POST},
			AllowedHeaders: jsii.Strings("content-type"),
			ExposedHeaders: jsii.Strings("x-greeting"),
			MaxAge:         awscdk.Duration_Minutes(jsii.Number(10)),
		},
	})
	options := behavior(url)
	options.Origin = awscloudfrontorigins.NewFunctionUrlOrigin(url, nil)
	options.AllowedMethods = awscloudfront.AllowedMethods_ALLOW_ALL()
	newDistribution(stack, options)
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// newRESTShape defines a REST API that proxies everything to a handler, behind a
// distribution, and one with a stream, a signed and a keyed method, in resources and in
// OpenAPI.
func newRESTShape(app awscdk.App) {
	stack := newStack(awscdk.NewStage(app, jsii.String("Rest"), nil), "Site", "eu-west-1")
	handler := newNodeFunction(stack, "Handler", "rest.js", 5)
	api := awsapigateway.NewLambdaRestApi(stack, jsii.String("Proxy"), &awsapigateway.LambdaRestApiProps{
		Handler:                     handler,
		BinaryMediaTypes:            jsii.Strings("image/*"),
		DefaultCorsPreflightOptions: &awsapigateway.CorsOptions{AllowOrigins: awsapigateway.Cors_ALL_ORIGINS()},
		DeployOptions:               &awsapigateway.StageOptions{Variables: &map[string]*string{"color": jsii.String("red")}},
	})
	newDistribution(stack, &awscloudfront.BehaviorOptions{
		Origin:              awscloudfrontorigins.NewRestApiOrigin(api, nil),
		AllowedMethods:      awscloudfront.AllowedMethods_ALLOW_ALL(),
		CachePolicy:         awscloudfront.CachePolicy_CACHING_DISABLED(),
		OriginRequestPolicy: awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
	})

	tree := awsapigateway.NewRestApi(stack, jsii.String("Tree"), &awsapigateway.RestApiProps{
		EndpointTypes: &[]awsapigateway.EndpointType{awsapigateway.EndpointType_REGIONAL},
		DeployOptions: &awsapigateway.StageOptions{StageName: jsii.String("v1"), ThrottlingRateLimit: jsii.Number(10)},
	})
	integration := awsapigateway.NewLambdaIntegration(handler, nil)
	tree.Root().AddResource(jsii.String("stream"), nil).AddMethod(jsii.String("GET"),
		awsapigateway.NewLambdaIntegration(newNodeFunction(stack, "Stream", "stream.js", 5), &awsapigateway.LambdaIntegrationOptions{
			ResponseTransferMode: awsapigateway.ResponseTransferMode_STREAM,
		}), nil)
	jobs := tree.Root().AddResource(jsii.String("jobs"), nil)
	jobs.AddResource(jsii.String("{job}"), nil).AddMethod(jsii.String("PUT"), integration, &awsapigateway.MethodOptions{
		AuthorizationType: awsapigateway.AuthorizationType_IAM,
	})
	jobs.AddMethod(jsii.String("GET"), integration, &awsapigateway.MethodOptions{ApiKeyRequired: jsii.Bool(true)})
	plan := tree.AddUsagePlan(jsii.String("Plan"), &awsapigateway.UsagePlanProps{
		ApiStages: &[]*awsapigateway.UsagePlanPerApiStage{{Api: tree, Stage: tree.DeploymentStage()}},
	})
	plan.AddApiKey(tree.AddApiKey(jsii.String("Key"), &awsapigateway.ApiKeyOptions{Value: jsii.String("a-key-of-more-than-twenty-characters")}), nil)

	spec := awsapigateway.NewSpecRestApi(stack, jsii.String("Spec"), &awsapigateway.SpecRestApiProps{
		ApiDefinition: awsapigateway.ApiDefinition_FromInline(map[string]any{
			"openapi": "3.0.1", "info": map[string]any{"title": "Spec", "version": "1"},
			"paths": map[string]any{"/{proxy+}": map[string]any{"x-amazon-apigateway-any-method": map[string]any{
				"x-amazon-apigateway-integration": map[string]any{
					"type": "aws_proxy", "httpMethod": "POST",
					"uri": awscdk.Fn_Sub(jsii.String("arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Arn}/invocations"), &map[string]*string{"Arn": handler.FunctionArn()}),
				},
			}}},
		}),
	})
	handler.AddPermission(jsii.String("Spec"), &awslambda.Permission{
		Principal: awsiam.NewServicePrincipal(jsii.String("apigateway.amazonaws.com"), nil),
		SourceArn: spec.ArnForExecuteApi(jsii.String("*"), jsii.String("/*"), jsii.String("*")),
	})
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// newBehaviorShape defines a distribution with behaviors of each kind for two
// functions.
func newBehaviorShape(app awscdk.App) {
	stack := newStack(awscdk.NewStage(app, jsii.String("Behavior"), nil), "Site", "us-west-2")
	first := newNodeFunction(stack, "First", "inspect.js", 5)
	second := newNodeFunction(stack, "Second", "inspect.js", 5)
	firstURL := newFunctionURL(first, awslambda.InvokeMode_BUFFERED)
	live := second.AddAlias(jsii.String("live"), nil)
	secondURL := live.AddFunctionUrl(&awslambda.FunctionUrlOptions{AuthType: awslambda.FunctionUrlAuthType_AWS_IAM})

	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: behavior(firstURL),
		DomainNames:     jsii.Strings("www.example.com"),
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
			jsii.String("arn:aws:acm:us-east-1:"+account+":certificate/11111111-2222-3333-4444-555555555555")),
		ErrorResponses: &[]*awscloudfront.ErrorResponse{{
			HttpStatus:         jsii.Number(404),
			ResponseHttpStatus: jsii.Number(200),
			ResponsePagePath:   jsii.String("/second/gone.html"),
		}},
	})

	origin := func(url awslambda.FunctionUrl) awscloudfront.IOrigin {
		return awscloudfrontorigins.FunctionUrlOrigin_WithOriginAccessControl(url, &awscloudfrontorigins.FunctionUrlOriginWithOACProps{
			CustomHeaders: &map[string]*string{"X-Origin-Name": jsii.String("second")},
		})
	}
	distribution.AddBehavior(jsii.String("/second/*"), origin(secondURL), &awscloudfront.AddBehaviorOptions{
		CachePolicy: awscloudfront.CachePolicy_CACHING_DISABLED(),
	})
	distribution.AddBehavior(jsii.String("/policies/*"), origin(secondURL), policies(stack))
	distribution.AddBehavior(jsii.String("/routes/*"), origin(secondURL), &awscloudfront.AddBehaviorOptions{
		CachePolicy:          awscloudfront.CachePolicy_CACHING_DISABLED(),
		FunctionAssociations: router(stack),
	})
}

// policies returns options with a custom policy of each kind.
func policies(stack awscdk.Stack) *awscloudfront.AddBehaviorOptions {
	return &awscloudfront.AddBehaviorOptions{
		CachePolicy: awscloudfront.NewCachePolicy(stack, jsii.String("Cache"), &awscloudfront.CachePolicyProps{
			QueryStringBehavior: awscloudfront.CacheQueryStringBehavior_AllowList(jsii.String("page")),
			MinTtl:              awscdk.Duration_Seconds(jsii.Number(0)),
			DefaultTtl:          awscdk.Duration_Seconds(jsii.Number(0)),
			MaxTtl:              awscdk.Duration_Seconds(jsii.Number(1)),
		}),
		OriginRequestPolicy: awscloudfront.NewOriginRequestPolicy(stack, jsii.String("Request"), &awscloudfront.OriginRequestPolicyProps{
			HeaderBehavior:      awscloudfront.OriginRequestHeaderBehavior_AllowList(jsii.String("X-Wanted"), jsii.String("CloudFront-Viewer-Address")),
			CookieBehavior:      awscloudfront.OriginRequestCookieBehavior_AllowList(jsii.String("session")),
			QueryStringBehavior: awscloudfront.OriginRequestQueryStringBehavior_AllowList(jsii.String("q")),
		}),
		ResponseHeadersPolicy: awscloudfront.NewResponseHeadersPolicy(stack, jsii.String("Response"), &awscloudfront.ResponseHeadersPolicyProps{
			CustomHeadersBehavior: &awscloudfront.ResponseCustomHeadersBehavior{
				CustomHeaders: &[]*awscloudfront.ResponseCustomHeader{
					{Header: jsii.String("X-Policy"), Value: jsii.String("response"), Override: jsii.Bool(true)},
				},
			},
			SecurityHeadersBehavior: &awscloudfront.ResponseSecurityHeadersBehavior{
				ContentTypeOptions: &awscloudfront.ResponseHeadersContentTypeOptions{Override: jsii.Bool(true)},
			},
			RemoveHeaders: jsii.Strings("X-Secret"),
		}),
	}
}

// router associates a CloudFront Function that looks up paths in a key value
// store.
func router(stack awscdk.Stack) *[]*awscloudfront.FunctionAssociation {
	routes := awscloudfront.NewKeyValueStore(stack, jsii.String("Routes"), &awscloudfront.KeyValueStoreProps{
		Source: awscloudfront.ImportSource_FromInline(source("routes.json")),
	})
	return &[]*awscloudfront.FunctionAssociation{{
		EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
		Function: awscloudfront.NewFunction(stack, jsii.String("Router"), &awscloudfront.FunctionProps{
			Code:          awscloudfront.FunctionCode_FromInline(source("router.js")),
			KeyValueStore: routes,
			Runtime:       awscloudfront.FunctionRuntime_JS_2_0(),
		}),
	}}
}

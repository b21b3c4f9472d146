package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// Pages that CloudFront caches, and a form beside them that it doesn't.
func ExampleNewEndpoint_pageCache() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Shop"), nil)

	endpoint := infra.NewEndpoint(stack, jsii.String("Pages"), &infra.EndpointProps{
		Handler: infra.GoHandler("./pages"),
		PageCache: &infra.PageCacheProps{
			Headers:      jsii.Strings("Accept-Language"),
			QueryStrings: jsii.Strings("page"),
		},
		InvalidationPaths: jsii.Strings("/*"),
	})
	endpoint.AddBehavior(jsii.String("Orders"), &infra.BehaviorProps{
		PathPattern: jsii.String("/orders/*"),
		Handler:     infra.GoHandler("./orders"),
	})
}

// A distribution and an origin with CDK's own options.
func ExampleNewEndpoint_options() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		DistributionOptions: &awscloudfront.DistributionProps{
			HttpVersion: awscloudfront.HttpVersion_HTTP2,
		},
		OriginOptions: &infra.OriginOptions{
			OriginProps: awscloudfront.OriginProps{
				OriginPath:    jsii.String("/v1"),
				CustomHeaders: &map[string]*string{"X-Stage": jsii.String("beta")},
			},
			KeepaliveTimeout: awscdk.Duration_Seconds(jsii.Number(30)),
		},
	})
}

// Cached pages behind a distribution that the app defines itself.
func ExampleNewPageCache() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Shop"), nil)
	pages := infra.NewHandlerFunction(stack, jsii.String("Pages"), &infra.HandlerFunctionProps{Handler: infra.GoHandler("./pages")})
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: pages.Function})

	awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: infra.StreamingBehavior(stack, &infra.StreamingBehaviorProps{
			Origin:       origin.Origin,
			OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
			CachePolicy:  infra.NewPageCache(stack, jsii.String("Cache"), nil).CachePolicy,
		}),
	})
}

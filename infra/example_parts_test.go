package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// A distribution that streams by default.
func ExampleStreamingBehavior() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler: infra.GoHandler("./handler"),
	})
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{
		Function: handler.Function,
	})

	awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: infra.StreamingBehavior(stack, &infra.StreamingBehaviorProps{
			Origin:       origin.Origin,
			OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
			BodyHasher:   infra.EdgeStackOf(stack).BodyHasher,
		}),
	})
}

// A path of an existing distribution that streams.
func ExampleAddStreamingBehavior() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), nil)
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin: awscloudfrontorigins.NewHttpOrigin(jsii.String("www.example.com"), nil),
		},
	})

	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler: infra.GoHandler("./handler"),
	})
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{
		Function: handler.Function,
	})
	infra.AddStreamingBehavior(distribution, jsii.String("/api/*"), &infra.StreamingBehaviorProps{
		Origin:       origin.Origin,
		OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
		BodyHasher:   infra.EdgeStackOf(stack).BodyHasher,
	})
}

// Functions in two regions behind one distribution. The permissions of the
// distribution get stacks of their own, which are deployed last.
func ExampleNewStreamingOrigin() {
	app := awscdk.NewApp(nil)
	newStack := func(id, region string) awscdk.Stack {
		return awscdk.NewStack(app, jsii.String(id), &awscdk.StackProps{
			Env: &awscdk.Environment{Region: jsii.String(region)},
		})
	}
	newOrigin := func(stack awscdk.Stack) awscloudfront.IOrigin {
		handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
			Handler: infra.GoHandler("./handler"),
		})
		return infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{
			Function: handler.Function,
			// The handler sends a heartbeat every 20 seconds.
			ReadTimeout: awscdk.Duration_Seconds(jsii.Number(30)),
		}).Origin
	}

	front := newStack("Front", "us-east-1")
	props := infra.StreamingBehaviorProps{
		Origin:       newOrigin(newStack("Tokyo", "ap-northeast-1")),
		OriginalHost: infra.NewOriginalHost(front, jsii.String("OriginalHost"), nil).Function,
		BodyHasher:   infra.EdgeStackOf(front).BodyHasher,
	}
	distribution := awscloudfront.NewDistribution(front, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: infra.StreamingBehavior(front, &props),
	})
	props.Origin = newOrigin(newStack("Dublin", "eu-west-1"))
	infra.AddStreamingBehavior(distribution, jsii.String("/eu/*"), &props)
}

// A function for an origin that the app defines itself.
func ExampleNewHandlerFunction() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler: infra.GoHandler("./handler"),
		FunctionOptions: &awslambda.FunctionOptions{
			Architecture: awslambda.Architecture_X86_64(),
			MemorySize:   jsii.Number(1024),
		},
	})
	handler.Function.AddEnvironment(jsii.String("MODEL"), jsii.String("small"), nil)
}

// A handler from another module, with its version linked in.
func ExampleGoHandler() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./cmd/chat", &infra.GoHandlerProps{
			Dir:         "../chat",
			BuildTags:   []string{"production"},
			LinkerFlags: []string{"-X main.version=1.2.3"},
		}),
	})
}

// A behavior of the app's own that hashes bodies with a larger function.
func ExampleNewBodyHasher() {
	app := awscdk.NewApp(nil)
	edge := awscdk.NewStack(app, jsii.String("Edge"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("us-east-1")},
	})
	hasher := infra.NewBodyHasher(edge, jsii.String("BodyHasher"), &infra.BodyHasherProps{
		MemorySize: jsii.Number(512),
	})

	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	_ = &awscloudfront.EdgeLambda{
		EventType:       awscloudfront.LambdaEdgeEventType_ORIGIN_REQUEST,
		FunctionVersion: hasher.VersionIn(stack),
		IncludeBody:     jsii.Bool(true),
	}
}

// A behavior of the app's own whose handler needs the viewer's Host.
func ExampleNewOriginalHost() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	_ = &awscloudfront.FunctionAssociation{
		EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
		Function:  infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
	}
}

// A streaming function URL without CloudFront, for one role to call.
func ExampleNewStreamingFunctionUrl() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	url := infra.NewStreamingFunctionUrl(stack, jsii.String("Api"), &infra.StreamingFunctionUrlProps{
		Handler: infra.GoHandler("./handler"),
	})
	url.GrantInvoke(awsiam.Role_FromRoleName(stack, jsii.String("Caller"), jsii.String("caller"), nil))
}

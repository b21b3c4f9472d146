package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// A complete app: the Go handler in ./handler, streaming behind CloudFront.
func Example() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	endpoint := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: endpoint.Url()})
	app.Synth(nil)
}

// An endpoint with its own function settings and domain name. The certificate
// and the DNS records are made in the hosted zone.
func ExampleNewEndpoint() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	zone := awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("Zone"), &awsroute53.HostedZoneAttributes{
		HostedZoneId: jsii.String("Z0111222333AAABBB"),
		ZoneName:     jsii.String("example.com"),
	})
	endpoint := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		FunctionOptions: &awslambda.FunctionOptions{
			MemorySize:                   jsii.Number(512),
			Timeout:                      awscdk.Duration_Minutes(jsii.Number(15)),
			Environment:                  &map[string]*string{"MODEL": jsii.String("small")},
			ReservedConcurrentExecutions: jsii.Number(20),
		},
		DomainNames: jsii.Strings("chat.example.com"),
		HostedZone:  zone,
	})

	// The parts of the endpoint are ordinary CDK constructs.
	endpoint.Distribution.MetricRequests(nil)
}

// An endpoint for a function of another language that streams its response.
func ExampleNewEndpoint_function() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	function := awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromAsset(jsii.String("./node"), nil),
	})
	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{Function: function})
}

// A second streaming function behind the same distribution, and a third that
// only serves GET requests and so needs no Lambda@Edge.
func ExampleEndpoint_AddBehavior() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	endpoint := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
	})
	endpoint.AddBehavior(jsii.String("Agent"), &infra.BehaviorProps{
		PathPattern:     jsii.String("/agent/*"),
		Handler:         infra.GoHandler("./agent"),
		FunctionOptions: &awslambda.FunctionOptions{MemorySize: jsii.Number(1024)},
	})
	endpoint.AddBehavior(jsii.String("Feed"), &infra.BehaviorProps{
		PathPattern:    jsii.String("/feed"),
		Handler:        infra.GoHandler("./feed"),
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
	})
}

// Two endpoints with an edge stack of their own instead of the shared one.
func ExampleNewEdgeStack() {
	app := awscdk.NewApp(nil)
	edge := infra.NewEdgeStack(app, jsii.String("ChatEdge"), nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	for _, id := range []string{"Api", "Admin"} {
		infra.NewEndpoint(stack, jsii.String(id), &infra.EndpointProps{
			Handler:    infra.GoHandler("./handler"),
			BodyHasher: edge.BodyHasher,
		})
	}
}

package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// An alarm on the endpoint of another app.
func ExampleEndpoint_fromEndpointAttributes() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Watch"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("us-east-1")},
	})

	web := infra.Endpoint_FromEndpointAttributes(stack, jsii.String("Web"), &infra.EndpointAttributes{
		DistributionId:         jsii.String("E1EXAMPLE"),
		DistributionDomainName: jsii.String("d111111abcdef8.cloudfront.net"),
		DomainName:             jsii.String("www.example.com"),
	})
	web.Metric5xxErrorRate(nil).CreateAlarm(stack, jsii.String("Errors"), &awscloudwatch.CreateAlarmOptions{
		Threshold:         jsii.Number(5), // in percent
		EvaluationPeriods: jsii.Number(1),
	})
}

// A web ACL for a stack in Europe, in a stack with a name and a synthesizer of its
// own.
func ExampleNewWebAcl_stack() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("eu-west-1")},
	})

	awscdk.NewStack(stack, jsii.String("CloudfurlUsEast1"), &awscdk.StackProps{ // or CloudfurlMonitoring, CloudfurlPermissions
		StackName:   jsii.String("chat-certificates"),
		Env:         &awscdk.Environment{Region: jsii.String("us-east-1")}, // for CloudfurlPermissions, that of your stack
		Synthesizer: awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{Qualifier: jsii.String("chat")}),
	})
	infra.NewWebAcl(stack, jsii.String("WebAcl"), nil)
}

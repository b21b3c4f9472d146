package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// newVpcFunction defines a function in a VPC.
func newVpcFunction(stack awscdk.Stack) awslambda.Function {
	return awslambda.NewFunction(stack, jsii.String("Own"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_24_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(jsii.String("exports.handler = async () => 'ok'")),
		Vpc:     awsec2.NewVpc(stack, jsii.String("Vpc"), &awsec2.VpcProps{MaxAzs: jsii.Number(1)}),
	})
}

// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html#config-rs-vpc-compatibility
func TestFunctions_in_a_VPC_stream_from_no_function_URL(t *testing.T) {
	for name, test := range map[string]struct {
		define func(app awscdk.App, stack awscdk.Stack)
		want   string
	}{
		"function": {func(_ awscdk.App, stack awscdk.Stack) {
			newEndpoint(stack, infra.EndpointProps{Function: newVpcFunction(stack)})
		}, "Mine/Api/Origin: got a Function in a VPC: "},
		"alias": {func(_ awscdk.App, stack awscdk.Stack) {
			newEndpoint(stack, infra.EndpointProps{Function: awslambda.NewAlias(stack, jsii.String("Alias"), &awslambda.AliasProps{
				AliasName: jsii.String("live"), Version: newVpcFunction(stack).CurrentVersion(),
			})})
		}, "Mine/Api/Origin: got a Function in a VPC: "},
		"imported function": {func(_ awscdk.App, stack awscdk.Stack) {
			newEndpoint(stack, infra.EndpointProps{Function: awslambda.Function_FromFunctionAttributes(stack, jsii.String("Imported"), &awslambda.FunctionAttributes{
				FunctionArn:   jsii.String("arn:aws:lambda:eu-west-1:111122223333:function:f"),
				SecurityGroup: awsec2.SecurityGroup_FromSecurityGroupId(stack, jsii.String("Group"), jsii.String("sg-11112222"), nil),
			})})
		}, "Mine/Api/Origin: got a Function in a VPC: "},
		"function URL": {func(_ awscdk.App, stack awscdk.Stack) {
			infra.NewStreamingFunctionUrl(stack, jsii.String("Url"), &infra.StreamingFunctionUrlProps{Function: newVpcFunction(stack)})
		}, "Mine/Url: got a Function in a VPC: "},
		"options of a function URL": {func(_ awscdk.App, stack awscdk.Stack) {
			infra.NewStreamingFunctionUrl(stack, jsii.String("Url"), &infra.StreamingFunctionUrlProps{
				Handler: infra.GoHandler("./testdata/handler"), FunctionOptions: &awslambda.FunctionOptions{Vpc: awsec2.NewVpc(stack, jsii.String("Vpc"), nil)},
			})
		}, "Mine/Url: got a Function in a VPC: "},
		"options": {func(_ awscdk.App, stack awscdk.Stack) {
			newEndpoint(stack, infra.EndpointProps{FunctionOptions: &awslambda.FunctionOptions{Vpc: awsec2.NewVpc(stack, jsii.String("Vpc"), nil)}})
		}, "Mine/Api/Origin: got a Function in a VPC: "},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			got := explained(t, func() { test.define(app, newStack(app, "Mine", "eu-west-1")) })
			if !strings.HasPrefix(got, test.want) || !strings.Contains(got, "function URLs don't stream responses in a VPC") || strings.Contains(got, "\n") {
				t.Errorf("got %q, want one line that begins with %q and says why", got, test.want)
			}
		})
	}
	t.Run("but have buffered ones", func(t *testing.T) {
		app := newApp()
		stack := newStack(app, "Mine", "eu-west-1")
		origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newVpcFunction(stack), InvokeMode: awslambda.InvokeMode_BUFFERED})
		newDistribution(stack, map[string]awscloudfront.IOrigin{"/api/*": origin.Origin})
		app.Synth(nil)
	})
}

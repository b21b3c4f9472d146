package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
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
		"escape hatch": {func(app awscdk.App, stack awscdk.Stack) {
			endpoint := newEndpoint(stack, infra.EndpointProps{})
			endpoint.Function.Node().DefaultChild().(awslambda.CfnFunction).SetVpcConfig(&awslambda.CfnFunction_VpcConfigProperty{SubnetIds: jsii.Strings("subnet-11112222")})
			app.Synth(nil)
		}, "Mine/Api/Origin/FunctionUrl: its function Mine/Api/Handler/Function is in a VPC: "},
		"escape hatch, another stack": {func(app awscdk.App, stack awscdk.Stack) {
			function := newNodeFunction(newStack(app, "Other", "eu-west-1"))
			newEndpoint(stack, infra.EndpointProps{Function: function})
			function.Node().DefaultChild().(awslambda.CfnFunction).SetVpcConfig(&awslambda.CfnFunction_VpcConfigProperty{SubnetIds: jsii.Strings("subnet-11112222")})
			app.Synth(nil)
		}, "Mine/Api/Origin/FunctionUrl: its function Other/Own is in a VPC: "},
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

// edgeFunctions defines a distribution whose default behavior streams and runs a
// further Lambda@Edge function at an event, and one whose behavior /api/* does.
func edgeFunctions(stack awscdk.Stack, event awscloudfront.LambdaEdgeEventType, hashing infra.BodyHashing) {
	props := &infra.StreamingBehaviorProps{
		Origin:       newOrigin(stack),
		OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), &infra.OriginalHostProps{BodyHashing: hashing}).Function,
		BodyHashing:  hashing,
	}
	if hashing == "" {
		props.BodyHasher = infra.EdgeStackOf(stack).BodyHasher
	}
	behavior := infra.StreamingBehavior(stack, props)
	lambdas := []*awscloudfront.EdgeLambda{{
		EventType: event,
		FunctionVersion: awslambda.Version_FromVersionArn(stack, jsii.String("Auth"),
			jsii.String("arn:aws:lambda:us-east-1:111122223333:function:auth:1")),
	}}
	if behavior.EdgeLambdas != nil {
		lambdas = append(lambdas, *behavior.EdgeLambdas...)
	}
	behavior.EdgeLambdas = &lambdas
	awscloudfront.NewDistribution(stack, jsii.String("Default"), &awscloudfront.DistributionProps{DefaultBehavior: behavior})
	awscloudfront.NewDistribution(stack, jsii.String("Further"), &awscloudfront.DistributionProps{
		DefaultBehavior:     &awscloudfront.BehaviorOptions{Origin: awscloudfrontorigins.NewHttpOrigin(jsii.String("www.example.com"), nil)},
		AdditionalBehaviors: &map[string]*awscloudfront.BehaviorOptions{"/api/*": behavior},
	})
}

// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
func TestSynthesis_reports_edge_functions_that_CloudFront_does_not_combine(t *testing.T) {
	for name, test := range map[string]struct {
		event   awscloudfront.LambdaEdgeEventType
		hashing infra.BodyHashing
		want    string
	}{
		"viewer-request":           {awscloudfront.LambdaEdgeEventType_VIEWER_REQUEST, "", "a CloudFront Function at viewer-request and a Lambda@Edge function at viewer-request"},
		"viewer-response":          {awscloudfront.LambdaEdgeEventType_VIEWER_RESPONSE, "", "a CloudFront Function at viewer-request and a Lambda@Edge function at viewer-response"},
		"origin-request":           {awscloudfront.LambdaEdgeEventType_ORIGIN_REQUEST, "", "two Lambda@Edge functions at origin-request"},
		"origin-response":          {awscloudfront.LambdaEdgeEventType_ORIGIN_RESPONSE, "", ""},
		"origin-request, as hints": {awscloudfront.LambdaEdgeEventType_ORIGIN_REQUEST, infra.BodyHashing_VIEWER, ""},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			edgeFunctions(newStack(app, "Mine", "us-east-1"), test.event, test.hashing)
			if test.want == "" {
				app.Synth(nil)
				return
			}
			got := strings.Split(explained(t, func() { app.Synth(nil) }), "\n")
			want := []string{"Mine/Default: the default behavior has " + test.want, "Mine/Further: the behavior of /api/* has " + test.want}
			if len(got) != 2 || !strings.HasPrefix(got[0], want[0]) || !strings.HasPrefix(got[1], want[1]) {
				t.Errorf("got %q, want lines that begin with %q", got, want)
			}
		})
	}
}

func TestSynthesis_reports_a_response_timeout_that_CloudFront_does_not_have(t *testing.T) {
	for timeout, rejected := range map[float64]bool{0: true, 1: false, 180: false, 181: true} {
		app := newApp()
		stack := newStack(app, "Mine", "eu-west-1")
		origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack)})
		distribution := newDistribution(stack, map[string]awscloudfront.IOrigin{"/api/*": origin.Origin})
		waits := func(seconds float64) *awscloudfront.CfnDistribution_CustomOriginConfigProperty {
			return &awscloudfront.CfnDistribution_CustomOriginConfigProperty{OriginProtocolPolicy: jsii.String("https-only"), OriginReadTimeout: jsii.Number(seconds)}
		}
		resource := distribution.Node().DefaultChild().(awscloudfront.CfnDistribution)
		resource.SetDistributionConfig(&awscloudfront.CfnDistribution_DistributionConfigProperty{
			Enabled: jsii.Bool(true),
			DefaultCacheBehavior: &awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty{
				TargetOriginId: jsii.String("api"), ViewerProtocolPolicy: jsii.String("https-only"),
			},
			Origins: []any{
				// Another server of the app may wait longer, with AWS's consent.
				&awscloudfront.CfnDistribution_OriginProperty{Id: jsii.String("slow"), DomainName: jsii.String("www.example.com"), CustomOriginConfig: waits(200)},
				&awscloudfront.CfnDistribution_OriginProperty{
					Id:                    jsii.String("api"),
					DomainName:            jsii.String("www.example.com"),
					OriginAccessControlId: origin.OriginAccessControl.OriginAccessControlId(),
					CustomOriginConfig:    waits(timeout),
				},
			},
		})
		if !rejected {
			app.Synth(nil)
			continue
		}
		if got := explained(t, func() { app.Synth(nil) }); !strings.HasPrefix(got, "Mine/Distribution: got OriginReadTimeout ") || !strings.Contains(got, "1 to 180 whole seconds") || strings.Contains(got, "200") {
			t.Errorf("%v s: got %q, want the path, the timeout and what CloudFront allows", timeout, got)
		}
	}
}

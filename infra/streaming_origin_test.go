package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestStreamingOrigin_grants_both_permissions_to_the_distribution(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{})
	consumer := synthtest.Templates(app)["Consumer"]

	distribution := consumer.Only(t, "AWS::CloudFront::Distribution").LogicalID
	function := synthtest.Text(t, consumer.Only(t, "AWS::Lambda::Url").Properties["TargetFunctionArn"])
	granted := map[any]bool{}
	for _, permission := range consumer.Resources("AWS::Lambda::Permission") {
		action := permission.Properties["Action"]
		granted[action] = true
		if got := permission.Properties["Principal"]; got != "cloudfront.amazonaws.com" {
			t.Errorf("%v: got principal %v, want cloudfront.amazonaws.com", action, got)
		}
		if got := synthtest.Text(t, permission.Properties["SourceArn"]); !strings.Contains(got, `:distribution/",{"Ref":"`+distribution+`"}`) {
			t.Errorf("%v: got SourceArn %s, want that of %s", action, got, distribution)
		}
		// CDK names the function by the URL's own attribute, which is its ARN.
		if got := synthtest.Text(t, permission.Properties["FunctionName"]); got != function && !strings.Contains(got, `"FunctionArn"`) {
			t.Errorf("%v: got FunctionName %s, want %s", action, got, function)
		}
		if action == "lambda:InvokeFunction" && permission.Properties["InvokedViaFunctionUrl"] != true {
			t.Errorf("%v: got InvokedViaFunctionUrl %v, want true", action, permission.Properties["InvokedViaFunctionUrl"])
		}
	}
	if len(granted) != 2 || !granted["lambda:InvokeFunctionUrl"] || !granted["lambda:InvokeFunction"] {
		t.Errorf("got permissions for %v, want lambda:InvokeFunctionUrl and lambda:InvokeFunction", granted)
	}
}

// CDK up to 2.271 defines only the first of the two permissions. When this test
// fails, CDK defines both: remove the second one from permittedOrigin.
func TestCDK_omits_the_second_permission(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Plain", "eu-west-1")
	url := newNodeFunction(stack).AddFunctionUrl(&awslambda.FunctionUrlOptions{AuthType: awslambda.FunctionUrlAuthType_AWS_IAM})
	awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin: awscloudfrontorigins.FunctionUrlOrigin_WithOriginAccessControl(url, nil),
		},
	})

	if got := synthtest.Templates(app)["Plain"].Only(t, "AWS::Lambda::Permission").Properties["Action"]; got != "lambda:InvokeFunctionUrl" {
		t.Errorf("got the permission %v from CDK, want lambda:InvokeFunctionUrl alone", got)
	}
}

func TestStreamingOrigin_serves_a_behavior_of_an_existing_distribution(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin: awscloudfrontorigins.NewHttpOrigin(jsii.String("www.example.com"), nil),
		},
	})
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack)})
	behavior := infra.StreamingBehavior(stack, &infra.StreamingBehaviorProps{
		Origin:       origin.Origin,
		OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
		BodyHasher:   infra.EdgeStackOf(stack).BodyHasher,
	})
	for _, pattern := range []string{"/api/*", "/chat"} {
		distribution.AddBehavior(jsii.String(pattern), behavior.Origin, &awscloudfront.AddBehaviorOptions{
			AllowedMethods:       behavior.AllowedMethods,
			CachePolicy:          behavior.CachePolicy,
			OriginRequestPolicy:  behavior.OriginRequestPolicy,
			ViewerProtocolPolicy: behavior.ViewerProtocolPolicy,
			Compress:             behavior.Compress,
			FunctionAssociations: behavior.FunctionAssociations,
			EdgeLambdas:          behavior.EdgeLambdas,
		})
	}
	consumer := synthtest.Templates(app)["Consumer"]

	if got := len(consumer.Resources("AWS::Lambda::Permission")); got != 2 {
		t.Errorf("got %d permissions, want 2", got)
	}
	behaviors := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "CacheBehaviors").([]any)
	if len(behaviors) != 2 {
		t.Errorf("got %d behaviours, want 2", len(behaviors))
	}
}

func TestStreamingOrigin_name_differs_between_constructs_and_regions(t *testing.T) {
	names := map[string]bool{}
	for _, region := range []string{"eu-west-1", "ap-southeast-1"} {
		for _, stackName := range []string{"Consumer", "Another", strings.Repeat("Long", 32)} {
			app := newApp()
			stack := awscdk.NewStack(app, jsii.String("Stack"), &awscdk.StackProps{
				StackName: jsii.String(stackName),
				Env:       &awscdk.Environment{Region: jsii.String(region)},
			})
			for _, id := range []string{"One", "Two"} {
				infra.NewEndpoint(stack, jsii.String(id), &infra.EndpointProps{Handler: infra.GoHandler("./testdata/handler")})
			}
			tmpl := synthtest.Templates(app)[stackName]
			for _, oac := range tmpl.Resources("AWS::CloudFront::OriginAccessControl") {
				name := synthtest.At(t, oac.Properties, "OriginAccessControlConfig", "Name").(string)
				if len(name) > 64 {
					t.Errorf("got name %s of %d characters, want at most 64", name, len(name))
				}
				names[name] = true
			}
			for _, function := range tmpl.Resources("AWS::CloudFront::Function") {
				if name := function.Properties["Name"].(string); len(name) > 64 {
					t.Errorf("got name %s of %d characters, want at most 64", name, len(name))
				}
			}
		}
	}
	if len(names) != 2*3*2 {
		t.Errorf("got %d names, want 12 different ones: %v", len(names), names)
	}
}

func TestStreamingOrigin_fails_without_function(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	message := synthtest.Failure(t, func() { infra.NewStreamingOrigin(stack, jsii.String("Origin"), nil) })
	if !strings.Contains(message, "Consumer/Origin") || !strings.Contains(message, "no Function") {
		t.Errorf("got %q, want the path and what is missing", message)
	}
}

func TestStreamingBehavior_fails_without_its_parts(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	message := synthtest.Failure(t, func() { infra.StreamingBehavior(stack, &infra.StreamingBehaviorProps{}) })
	if !strings.Contains(message, "needs Origin, OriginalHost and BodyHasher") {
		t.Errorf("got %q, want it to name the parts", message)
	}
}

package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
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

func TestStreamingOrigin_serves_a_behavior_of_an_existing_distribution(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin: awscloudfrontorigins.NewHttpOrigin(jsii.String("www.example.com"), nil),
		},
	})
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack)})
	props := &infra.StreamingBehaviorProps{
		Origin:       origin.Origin,
		OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
		BodyHasher:   infra.EdgeStackOf(stack).BodyHasher,
	}
	for _, pattern := range []string{"/api/*", "/chat"} {
		infra.AddStreamingBehavior(distribution, jsii.String(pattern), props)
	}
	consumer := synthtest.Templates(app)["Consumer"]

	if got := len(consumer.Resources("AWS::Lambda::Permission")); got != 2 {
		t.Errorf("got %d permissions, want 2", got)
	}
	behaviors := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "CacheBehaviors").([]any)
	if len(behaviors) != 2 {
		t.Errorf("got %d behaviors, want 2", len(behaviors))
	}
}

func TestAddStreamingBehavior_defines_what_StreamingBehavior_returns(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	props := &infra.StreamingBehaviorProps{
		Origin:       infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack)}).Origin,
		OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
		BodyHasher:   infra.EdgeStackOf(stack).BodyHasher,
	}
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: infra.StreamingBehavior(stack, props),
	})
	infra.AddStreamingBehavior(distribution, jsii.String("/api/*"), props)

	config := synthtest.At(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	added := synthtest.At(t, config, "CacheBehaviors", 0).(map[string]any)
	delete(added, "PathPattern")
	if got, want := synthtest.Text(t, added), synthtest.Text(t, synthtest.At(t, config, "DefaultCacheBehavior")); got != want {
		t.Errorf("got %s, want %s", got, want)
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

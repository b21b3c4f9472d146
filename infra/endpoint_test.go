package infra_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestEndpoint_streams_only_for_signed_requests(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{})
	consumer := synthtest.Templates(app)["Consumer"]

	url := consumer.Only(t, "AWS::Lambda::Url")
	if got := url.Properties["AuthType"]; got != "AWS_IAM" {
		t.Errorf("got AuthType %v, want AWS_IAM", got)
	}
	if got := url.Properties["InvokeMode"]; got != "RESPONSE_STREAM" {
		t.Errorf("got InvokeMode %v, want RESPONSE_STREAM", got)
	}
	oac := consumer.Only(t, "AWS::CloudFront::OriginAccessControl").Properties["OriginAccessControlConfig"]
	for key, want := range map[string]any{"OriginAccessControlOriginType": "lambda", "SigningBehavior": "always", "SigningProtocol": "sigv4"} {
		if got := synthtest.At(t, oac, key); got != want {
			t.Errorf("got %s %v, want %v", key, got, want)
		}
	}
}

func TestEndpoint_runs_a_Go_handler_on_arm64(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{})
	function := synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Function").Properties

	for key, want := range map[string]any{"Runtime": "provided.al2023", "Handler": "bootstrap", "MemorySize": 256.0, "Timeout": 300.0} {
		if got := function[key]; got != want {
			t.Errorf("got %s %v, want %v", key, got, want)
		}
	}
	if got := synthtest.At(t, function, "Architectures", 0); got != "arm64" {
		t.Errorf("got architecture %v, want arm64", got)
	}
}

func TestEndpoint_passes_the_properties_of_the_function_on(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		FunctionOptions: &awslambda.FunctionOptions{
			Architecture:                 awslambda.Architecture_X86_64(),
			MemorySize:                   jsii.Number(512),
			Timeout:                      awscdk.Duration_Minutes(jsii.Number(15)),
			Environment:                  &map[string]*string{"MODEL": jsii.String("small")},
			ReservedConcurrentExecutions: jsii.Number(7),
		},
	})
	function := synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Function").Properties

	for key, want := range map[string]any{"MemorySize": 512.0, "Timeout": 900.0, "ReservedConcurrentExecutions": 7.0} {
		if got := function[key]; got != want {
			t.Errorf("got %s %v, want %v", key, got, want)
		}
	}
	if got := synthtest.At(t, function, "Architectures", 0); got != "x86_64" {
		t.Errorf("got architecture %v, want x86_64", got)
	}
	if got := synthtest.At(t, function, "Environment", "Variables", "MODEL"); got != "small" {
		t.Errorf("got MODEL %v, want small", got)
	}
}

func TestHandlerFunction_writes_to_the_log_group_of_the_caller(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	group := awslogs.NewLogGroup(stack, jsii.String("Logs"), &awslogs.LogGroupProps{Retention: awslogs.RetentionDays_ONE_WEEK})
	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler:         infra.GoHandler("./testdata/handler"),
		FunctionOptions: &awslambda.FunctionOptions{LogGroup: group},
	})
	if handler.LogGroup != nil {
		t.Errorf("got log group %v, want none beside the caller's", handler.LogGroup)
	}
	template := synthtest.Templates(app)["Consumer"]
	if got := template.Only(t, "AWS::Logs::LogGroup").Properties["RetentionInDays"]; got != 7.0 {
		t.Errorf("got RetentionInDays %v, want the caller's 7", got)
	}
	policy := template.Only(t, "AWS::IAM::Policy").Properties
	if got := synthtest.Text(t, synthtest.At(t, policy, "PolicyDocument", "Statement", 0)); !strings.Contains(got, "logs:PutLogEvents") || !strings.Contains(got, "Logs") {
		t.Errorf("got statement %s, want one that allows writing to the caller's group", got)
	}
}

func TestEndpoint_distribution_forwards_every_request_unchanged(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{})
	config := synthtest.At(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")

	for key, want := range map[string]any{"HttpVersion": "http2and3", "IPV6Enabled": true, "PriceClass": "PriceClass_All"} {
		if got := synthtest.At(t, config, key); got != want {
			t.Errorf("got %s %v, want %v", key, got, want)
		}
	}
	behavior := synthtest.At(t, config, "DefaultCacheBehavior")
	for key, want := range map[string]any{
		"CachePolicyId":         "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", // CachingDisabled
		"OriginRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac", // AllViewerExceptHostHeader
		"Compress":              false,
		"ViewerProtocolPolicy":  "redirect-to-https",
	} {
		if got := synthtest.At(t, behavior, key); got != want {
			t.Errorf("got %s %v, want %v", key, got, want)
		}
	}
	methods := synthtest.Text(t, synthtest.At(t, behavior, "AllowedMethods"))
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"} {
		if !strings.Contains(methods, `"`+method+`"`) {
			t.Errorf("got methods %s, want %s among them", methods, method)
		}
	}
	if got := synthtest.At(t, config, "Origins", 0, "CustomOriginConfig", "OriginReadTimeout"); got != 60.0 {
		t.Errorf("got OriginReadTimeout %v, want 60", got)
	}
}

func TestEndpoint_behavior_runs_both_edge_functions(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{})
	consumer := synthtest.Templates(app)["Consumer"]
	behavior := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "DefaultCacheBehavior")

	if got := synthtest.At(t, behavior, "FunctionAssociations", 0, "EventType"); got != "viewer-request" {
		t.Errorf("got original_host at %v, want viewer-request", got)
	}
	hasher := synthtest.At(t, behavior, "LambdaFunctionAssociations", 0)
	if got := synthtest.At(t, hasher, "EventType"); got != "origin-request" {
		t.Errorf("got body_hasher at %v, want origin-request", got)
	}
	if got := synthtest.At(t, hasher, "IncludeBody"); got != true {
		t.Errorf("got IncludeBody %v, want true", got)
	}
	host := consumer.Only(t, "AWS::CloudFront::Function").Properties
	if got := synthtest.At(t, host, "FunctionConfig", "Runtime"); got != "cloudfront-js-2.0" {
		t.Errorf("got runtime %v, want cloudfront-js-2.0", got)
	}
}

func TestEndpoint_uses_a_function_of_the_caller(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{Function: newNodeFunction(stack)})
	consumer := synthtest.Templates(app)["Consumer"]

	if function := consumer.Only(t, "AWS::Lambda::Function"); function.Properties["Runtime"] != "nodejs22.x" {
		t.Errorf("got runtime %v, want the caller's nodejs22.x", function.Properties["Runtime"])
	}
	if endpoint.LogGroup != nil {
		t.Error("got a LogGroup, want nil: the caller's function has its own")
	}
}

func TestEndpoint_grants_only_what_is_needed(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{})

	for name, tmpl := range synthtest.Templates(app) {
		for _, policy := range tmpl.Resources("AWS::IAM::Policy") {
			for _, statement := range synthtest.At(t, policy.Properties, "PolicyDocument", "Statement").([]any) {
				if got := synthtest.Text(t, synthtest.At(t, statement, "Resource")); got == `"*"` {
					t.Errorf("%s: got Resource * in %s", name, policy.LogicalID)
				}
				if got := synthtest.Text(t, synthtest.At(t, statement, "Action")); strings.Contains(got, "*") {
					t.Errorf("%s: got Action %s in %s", name, got, policy.LogicalID)
				}
			}
		}
		for _, role := range tmpl.Resources("AWS::IAM::Role") {
			if got := role.Properties["ManagedPolicyArns"]; got != nil {
				t.Errorf("%s: got managed policies %s in %s, want none", name, synthtest.Text(t, got), role.LogicalID)
			}
		}
		for _, group := range tmpl.Resources("AWS::Logs::LogGroup") {
			if got := group.Properties["RetentionInDays"]; got != 30.0 {
				t.Errorf("%s: got RetentionInDays %v, want 30", name, got)
			}
		}
	}
}

func TestEndpoint_uses_no_custom_resource(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", ""), infra.EndpointProps{})
	templates := synthtest.Templates(app)

	known := []string{
		"AWS::CloudFront::Distribution", "AWS::CloudFront::Function", "AWS::CloudFront::OriginAccessControl",
		"AWS::IAM::Policy", "AWS::IAM::Role",
		"AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Lambda::Version",
		"AWS::Logs::LogGroup",
	}
	for name, tmpl := range templates {
		for _, r := range tmpl.Resources("") {
			if !slices.Contains(known, r.Type) {
				t.Errorf("%s: got a resource of type %s, want only %v", name, r.Type, known)
			}
		}
	}
}

func TestEndpoint_leaves_the_props_of_the_caller_alone(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	props := infra.EndpointProps{Handler: infra.GoHandler("./testdata/handler")}
	infra.NewEndpoint(stack, jsii.String("Api"), &props)

	if props.BodyHasher != nil || props.PriceClass != "" || props.FunctionOptions != nil || props.Comment != nil {
		t.Errorf("got changed props %+v", props)
	}
}

func TestEndpoint_is_a_construct_of_its_own(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{})

	constructs.NewConstruct(endpoint, jsii.String("Child"))
	awscdk.Tags_Of(endpoint).Add(jsii.String("team"), jsii.String("edge"), nil)
	endpoint.Node().AddDependency(newNodeFunction(stack))

	if got := synthtest.Text(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Url").Properties); strings.Contains(got, "edge") {
		t.Errorf("got tags on a function URL, which has none: %s", got)
	}
	if got := *endpoint.ToString(); got != "Consumer/Api" {
		t.Errorf("got path %s, want Consumer/Api", got)
	}
}

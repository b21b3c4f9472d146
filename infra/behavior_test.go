package infra_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestEndpoint_AddBehavior_adds_a_function_behind_the_distribution(t *testing.T) {
	app := newApp()
	endpoint := newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{})
	agent := endpoint.AddBehavior(jsii.String("Agent"), &infra.BehaviorProps{
		PathPattern:     jsii.String("/agent/*"),
		Handler:         infra.GoHandler("./testdata/handler"),
		FunctionOptions: &awslambda.FunctionOptions{MemorySize: jsii.Number(1024)},
	})
	if agent.Function == nil || agent.LogGroup == nil || agent.FunctionUrl == nil || agent.OriginAccessControl == nil {
		t.Errorf("got parts %+v, want all of them", agent)
	}
	consumer := synthtest.Templates(app)["Consumer"]
	config := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	behavior := synthtest.At(t, config, "CacheBehaviors", 0)
	if got := synthtest.At(t, behavior, "PathPattern"); got != "/agent/*" {
		t.Errorf("got PathPattern %v, want /agent/*", got)
	}
	if synthtest.At(t, behavior, "TargetOriginId") == synthtest.At(t, config, "DefaultCacheBehavior", "TargetOriginId") {
		t.Error("got the origin of the default behavior, want the agent's own")
	}
	if got := synthtest.At(t, behavior, "LambdaFunctionAssociations", 0, "IncludeBody"); got != true {
		t.Errorf("got IncludeBody %v, want body_hasher to see bodies", got)
	}
	for resource, want := range map[string]int{"AWS::Lambda::Function": 2, "AWS::Lambda::Url": 2, "AWS::Lambda::Permission": 4, "AWS::CloudFront::Function": 1} {
		if got := len(consumer.Resources(resource)); got != want {
			t.Errorf("got %d resources of type %s, want %d", got, resource, want)
		}
	}
}

func TestEndpoint_without_request_bodies_has_no_edge_stack(t *testing.T) {
	app := newApp()
	endpoint := newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD_OPTIONS(),
	})
	if endpoint.BodyHasher != nil {
		t.Error("got a BodyHasher, want none for GET, HEAD and OPTIONS")
	}
	templates := synthtest.Templates(app)
	if len(templates) != 1 {
		t.Errorf("got %d stacks, want Consumer alone", len(templates))
	}
	behavior := synthtest.At(t, templates["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "DefaultCacheBehavior")
	if _, ok := behavior.(map[string]any)["LambdaFunctionAssociations"]; ok {
		t.Error("got a Lambda@Edge function, want none")
	}
}

func TestEndpoint_hashes_bodies_of_the_behaviors_that_accept_them(t *testing.T) {
	app := newApp()
	endpoint := newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
	})
	endpoint.AddBehavior(jsii.String("Api"), &infra.BehaviorProps{
		PathPattern: jsii.String("/api/*"),
		Handler:     infra.GoHandler("./testdata/handler"),
	})
	config := synthtest.At(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	if _, ok := synthtest.At(t, config, "DefaultCacheBehavior").(map[string]any)["LambdaFunctionAssociations"]; ok {
		t.Error("got body_hasher for GET and HEAD, want none")
	}
	if got := synthtest.At(t, config, "CacheBehaviors", 0, "LambdaFunctionAssociations", 0, "EventType"); got != "origin-request" {
		t.Errorf("got %v, want body_hasher at origin-request", got)
	}
}

func TestEndpoint_AddBehavior_rejects_invalid_props(t *testing.T) {
	handler := infra.GoHandler("./testdata/handler")
	for name, test := range map[string]struct {
		props *infra.BehaviorProps
		want  []string
	}{
		"no props":   {nil, []string{"no PathPattern", `"/agent/*"`}},
		"no pattern": {&infra.BehaviorProps{Handler: handler}, []string{"no PathPattern"}},
		"no handler": {&infra.BehaviorProps{PathPattern: jsii.String("/a")}, []string{"neither Handler nor Function"}},
		"a relative pattern": {
			&infra.BehaviorProps{PathPattern: jsii.String("agent/*"), Handler: handler},
			[]string{`PathPattern "agent/*"`, `"/agent/*"`},
		},
		"a pattern that is taken": {
			&infra.BehaviorProps{PathPattern: jsii.String("/taken/*"), Handler: handler},
			[]string{"/taken/*", "another behavior"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			endpoint := newEndpoint(stack, infra.EndpointProps{})
			endpoint.AddBehavior(jsii.String("First"), &infra.BehaviorProps{PathPattern: jsii.String("/taken/*"), Function: newNodeFunction(stack)})
			defer func() {
				message := fmt.Sprint(recover())
				for _, want := range append(test.want, "Consumer/Api/Second") {
					if !strings.Contains(message, want) {
						t.Errorf("got %q, want %q in it", message, want)
					}
				}
			}()
			endpoint.AddBehavior(jsii.String("Second"), test.props)
			t.Error("got no panic")
		})
	}
}

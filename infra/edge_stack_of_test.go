package infra_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestEdgeStack_is_shared_by_the_endpoints_of_an_app(t *testing.T) {
	app := newApp()
	for _, region := range []string{"eu-west-1", "ap-northeast-1"} {
		newEndpoint(newStack(app, region, region), infra.EndpointProps{})
	}
	templates := synthtest.Templates(app)

	if len(templates) != 3 {
		t.Errorf("got %d stacks, want two consumers and one edge stack", len(templates))
	}
	if one, two := synthtest.Text(t, hasherARN(t, templates["eu-west-1"])), synthtest.Text(t, hasherARN(t, templates["ap-northeast-1"])); one != two {
		t.Errorf("got versions %s and %s, want the same", one, two)
	}
}

func TestEdgeStack_is_made_once_in_each_stage(t *testing.T) {
	app := newApp()
	for _, id := range []string{"Test", "Production"} {
		stage := awscdk.NewStage(app, jsii.String(id), nil)
		for _, name := range []string{"One", "Two"} {
			stack := awscdk.NewStack(stage, jsii.String(name), nil)
			infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{Handler: infra.GoHandler("./testdata/handler")})
		}
	}
	templates := synthtest.Templates(app)

	for _, name := range []string{"Test-CloudfurlEdge", "Production-CloudfurlEdge"} {
		if templates[name] == nil {
			t.Errorf("got no stack %s", name)
		}
	}
	if len(templates) != 6 {
		t.Errorf("got %d stacks, want 6", len(templates))
	}
	reference := stackOutput(t, hasherARN(t, templates["Production-Two"]))
	if got := synthtest.At(t, reference, "StackName"); got != "Production-CloudfurlEdge" {
		t.Errorf("got stack %v, want Production-CloudfurlEdge", got)
	}
}

func TestEdgeStack_is_made_once_in_each_account(t *testing.T) {
	app := newApp()
	accounts := map[string]string{"One": "111122223333", "Two": "444455556666", "Three": "444455556666"}
	for _, id := range []string{"One", "Two", "Three"} {
		newEndpoint(newStackIn(app, id, accounts[id], "eu-west-1"), infra.EndpointProps{})
	}
	edges := map[string]string{}
	for _, stack := range *app.Synth(nil).StacksRecursively() {
		if *stack.StackName() == "CloudfurlEdge" {
			edges[*stack.Id()] = *stack.Environment().Name
			continue
		}
		if got := len(*stack.Dependencies()); got != 2 {
			t.Errorf("%s: got %d dependencies, want its assets and the edge stack", *stack.Id(), got)
		}
		for _, dependency := range *stack.Dependencies() {
			if environment, ok := edges[*dependency.Id()]; ok && !strings.Contains(environment, accounts[*stack.Id()]) {
				t.Errorf("%s: got the edge stack in %s, want the account %s", *stack.Id(), environment, accounts[*stack.Id()])
			}
		}
	}
	want := map[string]string{"CloudfurlEdge": "aws://111122223333/us-east-1", "CloudfurlEdge444455556666": "aws://444455556666/us-east-1"}
	if !maps.Equal(edges, want) {
		t.Errorf("got edge stacks %v, want %v", edges, want)
	}
}

func TestEdgeStackOf_finds_the_stack_from_everywhere_in_the_app(t *testing.T) {
	app := newApp()
	group := constructs.NewConstruct(app, jsii.String("Group"))
	stack := newStack(app, "Consumer", "eu-west-1")
	stage := awscdk.NewStage(app, jsii.String("Test"), &awscdk.StageProps{Env: &awscdk.Environment{Account: jsii.String("111122223333")}})

	want := infra.EdgeStackOf(app)
	for _, scope := range []constructs.Construct{stack, group, constructs.NewConstruct(stack, jsii.String("Child"))} {
		if got := infra.EdgeStackOf(scope); got != want {
			t.Errorf("%s: got the stack %s, want that of the app", *scope.Node().Path(), *got.Node().Path())
		}
	}
	inStage := infra.EdgeStackOf(stage)
	if got := *inStage.Node().Path() + " " + *inStage.StackName() + " " + *inStage.Account(); got != "Test/CloudfurlEdge Test-CloudfurlEdge 111122223333" {
		t.Errorf("got %s, want a stack of the stage in its account", got)
	}
	if got := infra.EdgeStackOf(awscdk.NewStack(stage, jsii.String("Consumer"), nil)); got != inStage {
		t.Errorf("got the stack %s, want that of the stage", *got.Node().Path())
	}
}

func TestEdgeStackOf_uses_the_stack_that_the_app_has_defined_for_all_accounts(t *testing.T) {
	app := newApp()
	own := infra.NewEdgeStack(app, jsii.String("CloudfurlEdge"), nil)
	for id, account := range map[string]string{"One": "111122223333", "Two": ""} {
		if got := infra.EdgeStackOf(newStackIn(app, id, account, "eu-west-1")); got != own {
			t.Errorf("got the stack %s, want the app's own", *got.Node().Path())
		}
	}
}

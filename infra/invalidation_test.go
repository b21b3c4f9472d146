package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// invalidation returns the custom resource of an endpoint whose function has a variable.
func invalidation(t *testing.T, variable string, alias *infra.AliasOptions) (template synthtest.Template, properties map[string]any) {
	t.Helper()
	app := newApp()
	endpoint := newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		PageCache:         &infra.PageCacheProps{},
		Alias:             alias,
		InvalidationPaths: jsii.Strings("/", "/news/*"),
	})
	function, ok := endpoint.Function.(awslambda.Function)
	if !ok {
		function = endpoint.Function.(awslambda.IAlias).Version().Lambda().(awslambda.Function)
	}
	function.AddEnvironment(jsii.String("NAME"), jsii.String(variable), nil)
	template = synthtest.Templates(app)["Consumer"]
	return template, template.Only(t, "Custom::PageInvalidation").Properties
}

func TestInvalidationPaths_follow_a_change_of_the_function(t *testing.T) {
	template, before := invalidation(t, "before", nil)
	_, same := invalidation(t, "before", nil)
	_, after := invalidation(t, "after", nil)
	if before["Version"] != same["Version"] || before["Version"] == after["Version"] || len(before["Version"].(string)) != 16 {
		t.Errorf("got versions %v, %v and %v, want only the last to differ", before["Version"], same["Version"], after["Version"])
	}
	if got := synthtest.Text(t, before["Paths"]); got != `["/","/news/*"]` {
		t.Errorf("got paths %s", got)
	}
	resource := synthtest.Text(t, synthtest.At(t, template, "Resources", template.Only(t, "Custom::PageInvalidation").LogicalID, "DependsOn"))
	if !strings.Contains(resource, `"ApiHandlerFunction`) {
		t.Errorf("got DependsOn %s, want the function, so that no old page is cached again", resource)
	}
	if got := synthtest.Text(t, template.Resources("AWS::IAM::Policy")); !strings.Contains(got, `"Action":"cloudfront:CreateInvalidation","Effect":"Allow","Resource":{"Fn::Join"`) {
		t.Errorf("got policies %s, want one for this distribution's invalidations", got)
	}
}

func TestInvalidationPaths_follow_the_shift_of_an_alias(t *testing.T) {
	template, _ := invalidation(t, "before", &infra.AliasOptions{})
	resource := synthtest.Text(t, synthtest.At(t, template, "Resources", template.Only(t, "Custom::PageInvalidation").LogicalID, "DependsOn"))
	if !strings.Contains(resource, `"ApiAlias`) {
		t.Errorf("got DependsOn %s, want the alias", resource)
	}
}

func TestInvalidationPaths_fail(t *testing.T) {
	for _, path := range []string{"news/*", "/*/news", ""} {
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		got := synthtest.Failure(t, func() {
			newEndpoint(stack, infra.EndpointProps{PageCache: &infra.PageCacheProps{}, InvalidationPaths: jsii.Strings(path)})
		})
		if !strings.Contains(got, "Consumer/Api: got ") || !strings.Contains(got, "InvalidationPaths") {
			t.Errorf("%q: got %q, want it to be refused", path, got)
		}
	}
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	got := synthtest.Failure(t, func() { newEndpoint(stack, infra.EndpointProps{InvalidationPaths: jsii.Strings("/*")}) })
	if !strings.Contains(got, "InvalidationPaths without PageCache") {
		t.Errorf("got %q, want it to be refused", got)
	}
	imported := awslambda.Function_FromFunctionAttributes(stack, jsii.String("Imported"), &awslambda.FunctionAttributes{
		FunctionArn: jsii.String("arn:aws:lambda:eu-west-1:111122223333:function:pages"), SameEnvironment: jsii.Bool(true),
	})
	got = synthtest.Failure(t, func() {
		newEndpoint(stack, infra.EndpointProps{Function: imported, PageCache: &infra.PageCacheProps{}, InvalidationPaths: jsii.Strings("/*")})
	})
	if !strings.Contains(got, "aws cloudfront create-invalidation") {
		t.Errorf("got %q, want it to say what to do", got)
	}
}

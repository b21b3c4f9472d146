package deployed

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/porttest"
)

func TestCheck_says_why_it_can_read_nothing(t *testing.T) {
	always := func(code string) func(a *app) {
		return func(a *app) { a.fail = func(string, string) string { return code } }
	}
	tests := map[string]struct {
		damage        func(a *app)
		stack         string
		problem, hint string
	}{
		"a stack of another name": {nil, "cloudfurl-demo", "there is no stack cloudfurl-demo in ap-northeast-1", "use one of Cloudfurl, or set another --region"},
		"another region":          {nil, "Cloudfurl@us-east-1", "there is no stack Cloudfurl in us-east-1", "use one of CloudfurlEdge, or"},
		"no region":               {func(*app) { t.Setenv("AWS_REGION", "") }, "Cloudfurl", "no region is set", "--region"},
		"no credentials":          {func(*app) { os.Unsetenv("AWS_ACCESS_KEY_ID") }, "Cloudfurl", "this machine has no AWS credentials that work", "aws sso login"},
		"an unknown profile":      {func(*app) { t.Setenv("AWS_PROFILE", "nobody") }, "Cloudfurl", "the settings for AWS can't be read", "AWS_PROFILE"},
		"expired credentials":     {always("ExpiredToken"), "Cloudfurl", "AWS doesn't accept this machine's credentials: ExpiredToken", "aws sso login"},
		"invalid credentials":     {always("InvalidClientTokenId"), "Cloudfurl", "AWS doesn't accept this machine's credentials: InvalidClientTokenId", "aws sso login"},
		"no rights at all":        {always("AccessDenied"), "Cloudfurl", "don't permit cloudformation:DescribeStacks of stack Cloudfurl in ap-northeast-1", "allow cloudformation:DescribeStacks"},
		"credentials that expire": {func(a *app) {
			a.fail = func(action, _ string) string {
				return map[bool]string{true: "ExpiredToken"}[strings.HasPrefix(action, "lambda:")]
			}
		}, "Cloudfurl", "AWS doesn't accept this machine's credentials: ExpiredToken", "aws sso login"},
		"no network": {func(*app) { t.Setenv("AWS_ENDPOINT_URL", "http://"+porttest.Reserve(t).Address()) }, "Cloudfurl", "AWS can't be reached for cloudformation:DescribeStacks", "the network"},
	}
	a := deploy(t)
	environment := os.Environ()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if a.fail = nil; test.damage != nil {
				test.damage(a)
			}
			found, err := Check(t.Context(), []string{test.stack}, "")
			if err == nil || !strings.Contains(err.Error(), test.problem) || !strings.Contains(fault.HintOf(err), test.hint) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, and the hint %q, want %q, and %q; found %v", err, fault.HintOf(err), test.problem, test.hint, found)
			}
		})
		for _, variable := range environment {
			if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
				os.Setenv(name, value)
			}
		}
	}
}

// What one call may not read is said, and the rest is checked without it: no error is
// invented.
func TestCheck_goes_on_without_what_it_may_not_read(t *testing.T) {
	a := deploy(t)
	found, err := Check(t.Context(), []string{"Cloudfurl"}, "")
	if err != nil || len(found) > 0 {
		t.Fatalf("got %v and %v, want nothing", found, err)
	}
	var read []string
	for action := range a.calls {
		if strings.Contains(action, ":Get") && action != "cloudformation:GetTemplate" {
			read = append(read, action)
		}
	}
	if len(read) < 8 {
		t.Errorf("got the calls %v, want more", read)
	}
	for _, action := range read {
		t.Run(action, func(t *testing.T) {
			a.fail = func(called, _ string) string { return map[bool]string{true: "AccessDenied"}[called == action] }
			found, err := Check(t.Context(), []string{"Cloudfurl"}, "")
			if err != nil || len(found) == 0 {
				t.Fatalf("got %v and %v, want that it wasn't checked", found, err)
			}
			for _, f := range found {
				if f.Rule != "unchecked" {
					t.Errorf("got %+v, want nothing beside what isn't checked", f)
				}
			}
			if f := found[0]; !strings.Contains(f.Cause, "don't permit "+action+" of ") || !strings.HasPrefix(f.Hint, "allow "+action) {
				t.Errorf("got %+v, want the action", f)
			}
		})
	}
}

func TestCheck_names_a_stack_beside_that_it_may_not_read(t *testing.T) {
	a := deploy(t)
	a.fail = func(_, region string) string { return map[bool]string{true: "AccessDenied"}[region == "us-east-1"] }
	found, err := Check(t.Context(), []string{"Cloudfurl"}, "")
	if err != nil || len(found) == 0 || found[0].Happens != "stack CloudfurlEdge in us-east-1, which it needs, isn't checked" {
		t.Errorf("got %+v and %v, want that the edge stack isn't checked", found, err)
	}
	if slices.ContainsFunc(found, func(f build.Finding) bool { return f.Severity == build.Error }) {
		t.Errorf("got %+v, want no error", found)
	}
}

// The SDK tries again after a response that asks for it.
func TestCheck_waits_when_it_is_throttled(t *testing.T) {
	a := deploy(t)
	left := 2
	a.fail = func(action, _ string) string {
		if action == "cloudformation:DescribeStacks" && left > 0 {
			left--
			return "Throttling"
		}
		return ""
	}
	if found, err := Check(t.Context(), []string{"Cloudfurl"}, ""); err != nil || len(found) > 0 || left > 0 {
		t.Errorf("got %v and %v, want nothing after two more attempts", found, err)
	}
}

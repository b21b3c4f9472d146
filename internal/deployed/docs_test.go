package deployed

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"
)

// The policy in docs/check.md has what a check asks for, and nothing else. The demo has
// AWS's own cache and origin request policies only, which aren't read.
func TestDocs_have_the_actions_that_a_check_needs(t *testing.T) {
	page, err := os.ReadFile("../../docs/check.md")
	if err != nil {
		t.Fatal(err)
	}
	var policy struct{ Statement []struct{ Action []string } }
	block := regexp.MustCompile("(?s)```json\n(\\{\n  \"Version\".*?)```").FindSubmatch(page)
	if err := json.Unmarshal(block[1], &policy); err != nil {
		t.Fatal(err)
	}
	a := deploy(t)
	clear(a.calls)
	if found, err := Check(t.Context(), []string{"Cloudfurl"}, ""); err != nil || len(found) > 0 {
		t.Fatalf("got %v and %v, want nothing", found, err)
	}
	called := []string{"cloudfront:GetCachePolicy", "cloudfront:GetOriginRequestPolicy"}
	for action := range a.calls {
		if action != "GET /code" {
			called = append(called, action)
		}
	}
	slices.Sort(called)
	if documented := policy.Statement[0].Action; !slices.Equal(called, documented) {
		t.Errorf("docs/check.md has %q, want %q", documented, called)
	}
}

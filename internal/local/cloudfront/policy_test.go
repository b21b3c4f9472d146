package cloudfront

import (
	"regexp"
	"testing"
)

func TestManagedPolicies_have_AWSs_kind_of_id(t *testing.T) {
	id := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	names := map[string]bool{}
	check := func(key, name string) {
		t.Helper()
		if !id.MatchString(key) || names[name] {
			t.Errorf("%s %s", key, name)
		}
		names[name] = true
	}
	for key, p := range ManagedCachePolicies {
		check(key, p.Name)
	}
	for key, p := range ManagedOriginRequestPolicies {
		check(key, p.Name)
	}
	for key, p := range ManagedResponseHeadersPolicies {
		check(key, p.Name)
	}
	if len(names) != 7+8+5 {
		t.Errorf("%d managed policies", len(names))
	}
	if _, ok := ManagedCachePolicies["mine"]; ok {
		t.Error("an unknown id is a managed policy")
	}
}

package cloudfront

import (
	"regexp"
	"testing"
)

func TestPolicies_reject_what_CloudFront_rejects(t *testing.T) {
	for want, err := range map[string]error{
		`ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.HeaderBehavior: is "all"`: CachePolicy{Headers: all, Cookies: none, QueryStrings: none}.Validate(),
		"HeadersConfig.Headers: lists authorization, which CloudFront allows in cache policies only": OriginRequestPolicy{
			Headers: whitelist("authorization"), Cookies: all, QueryStrings: all}.Validate(),
		`HeadersConfig.HeaderBehavior: is "everything"`:       OriginRequestPolicy{Headers: selection("everything"), Cookies: all, QueryStrings: all}.Validate(),
		"CookiesConfig.CookieBehavior: is whitelist without":  OriginRequestPolicy{Headers: none, Cookies: whitelist(), QueryStrings: all}.Validate(),
		"RemoveHeadersConfig.Items[0].Header: is X-Amz-Cf-Id": ResponseHeadersPolicy{Remove: []string{"X-Amz-Cf-Id"}}.Validate(),
		"RemoveHeadersConfig.Items[1].Header: is Via":         ResponseHeadersPolicy{Remove: []string{"X-A", "Via"}}.Validate(),
	} {
		expectFault(t, want, err)
	}
}

func TestManagedPolicies_are_valid_and_have_AWSs_kind_of_id(t *testing.T) {
	id := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	names := map[string]bool{}
	check := func(key, name string, err error) {
		t.Helper()
		if err != nil || !id.MatchString(key) || names[name] {
			t.Errorf("%s %s: %v", key, name, err)
		}
		names[name] = true
	}
	for key, p := range ManagedCachePolicies {
		check(key, p.Name, p.Validate())
	}
	for key, p := range ManagedOriginRequestPolicies {
		check(key, p.Name, p.Validate())
	}
	for key, p := range ManagedResponseHeadersPolicies {
		check(key, p.Name, p.Validate())
	}
	if len(names) != 7+8+5 {
		t.Errorf("%d managed policies", len(names))
	}
	if _, ok := ManagedCachePolicies["mine"]; ok {
		t.Error("an unknown id is a managed policy")
	}
}

package cloudfront

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCachePolicy_is_read_from_its_properties(t *testing.T) {
	got, err := NewCachePolicy("id", object(t, `{
		"Name": "Mine", "Comment": "c", "MinTTL": 0, "DefaultTTL": "60", "MaxTTL": 3600,
		"ParametersInCacheKeyAndForwardedToOrigin": {
			"EnableAcceptEncodingGzip": "true", "EnableAcceptEncodingBrotli": false,
			"HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["Authorization"]},
			"CookiesConfig": {"CookieBehavior": "allExcept", "Cookies": ["a"]},
			"QueryStringsConfig": {"QueryStringBehavior": "all"}
		}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := CachePolicy{
		ID: "id", Name: "Mine", DefaultTTL: time.Minute, MaxTTL: time.Hour,
		Headers: whitelist("Authorization"), Cookies: selection("allExcept", "a"), QueryStrings: all,
		AcceptEncodingGzip: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPolicies_name_every_property_they_do_not_know(t *testing.T) {
	_, err := NewCachePolicy("id", object(t, `{
		"Name": 7, "MinTTL": 0, "MaxTTL": {}, "Colour": "red",
		"ParametersInCacheKeyAndForwardedToOrigin": {
			"EnableAcceptEncodingGzip": "maybe",
			"HeadersConfig": {"HeaderBehavior": "none", "Hats": []},
			"CookiesConfig": {"CookieBehavior": "none", "Cookies": [1]}
		}}`))
	expectError(t, err,
		"CachePolicyConfig.Name is 7", "CachePolicyConfig.DefaultTTL is missing", "CachePolicyConfig.MaxTTL is map[]",
		"CachePolicyConfig.Colour: this property is not known", "EnableAcceptEncodingGzip is maybe",
		"HeadersConfig.Hats: this property is not known", "CookiesConfig.Cookies is [1]", "QueryStringsConfig is missing")

	_, err = NewOriginRequestPolicy("id", object(t, `{"Name": "N", "HeadersConfig": [], "Mood": 1,
		"CookiesConfig": {"CookieBehavior": "all"}, "QueryStringsConfig": {"QueryStringBehavior": "all"}}`))
	expectError(t, err, "OriginRequestPolicyConfig.HeadersConfig is []", "OriginRequestPolicyConfig.Mood")

	_, err = NewResponseHeadersPolicy("id", object(t, `{"Name": "N",
		"ServerTimingHeadersConfig": {"Enabled": true, "SamplingRate": 50},
		"SecurityHeadersConfig": {"XSSProtection": {"Override": true, "Protection": true, "ModeBlock": true, "ReportUri": "r"}, "Hsts": {}},
		"CustomHeadersConfig": {"Items": [{"Header": "A", "Override": true}]}}`))
	expectError(t, err, "no cache layers to measure", "ModeBlock and ReportUri", "SecurityHeadersConfig.Hsts", "Items[0].Value is missing")
}

func TestPolicies_refuse_what_CloudFront_refuses(t *testing.T) {
	config := func(header, cookie string) map[string]any {
		return object(t, `{"Name": "N", "HeadersConfig": `+header+`, "CookiesConfig": `+cookie+`, "QueryStringsConfig": {"QueryStringBehavior": "all"}}`)
	}
	_, err := NewOriginRequestPolicy("id", config(`{"HeaderBehavior": "whitelist", "Headers": ["authorization"]}`, `{"CookieBehavior": "all"}`))
	expectError(t, err, "only in a cache policy")
	_, err = NewOriginRequestPolicy("id", config(`{"HeaderBehavior": "everything"}`, `{"CookieBehavior": "all"}`))
	expectError(t, err, `HeaderBehavior is "everything"`)
	_, err = NewOriginRequestPolicy("id", config(`{"HeaderBehavior": "none"}`, `{"CookieBehavior": "whitelist"}`))
	expectError(t, err, "names nothing")
	_, err = NewResponseHeadersPolicy("id", object(t, `{"Name": "N", "RemoveHeadersConfig": {"Items": [{"Header": "X-Amz-Cf-Id"}]}}`))
	expectError(t, err, "X-Amz-Cf-Id")
	_, err = NewResponseHeadersPolicy("id", object(t, `{"Name": "N", "RemoveHeadersConfig": {"Items": [{"Header": "Via"}]}}`))
	expectError(t, err, "Via")
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
	for key, p := range managedCachePolicies {
		check(key, p.Name, p.validate())
	}
	for key, p := range managedOriginRequestPolicies {
		check(key, p.Name, p.validate())
	}
	for key, p := range managedResponseHeadersPolicies {
		check(key, p.Name, p.validate())
	}
	if len(names) != 7+8+5 {
		t.Errorf("%d managed policies", len(names))
	}
	if _, ok := ManagedCachePolicy("mine"); ok {
		t.Error("an unknown id is a managed policy")
	}
}

func expectError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error lacks %q:\n%v", part, err)
		}
	}
}

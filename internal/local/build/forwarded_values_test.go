package build

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// withForwardedValues changes the behavior of /api/* to settings from before cache
// policies.
func withForwardedValues(values object) func(resources object) {
	return withAPI(func(r object) {
		behavior := apiBehavior(r)
		delete(behavior, "CachePolicyId")
		delete(behavior, "OriginRequestPolicyId")
		behavior["ForwardedValues"], behavior["MinTTL"], behavior["MaxTTL"] = values, "0", 60
	})
}

func TestForwardedValues_are_read_from_templates(t *testing.T) {
	edge, log := open(t, siteAssembly(t, withForwardedValues(object{
		"QueryString": "true", "QueryStringCacheKeys": []any{"a"}, "Headers": []any{"X-A"}, "Cookies": object{"Forward": "whitelist", "WhitelistedNames": []any{"c"}},
	})), Options{})
	get(t, edge, "/api/hello") // which has no permission
	if strings.Contains(log.String(), "Host is ") {
		t.Errorf("Host was forwarded: %s", log)
	}
	if !strings.Contains(log.String(), "cache policy of ForwardedValues caches on AWS") {
		t.Errorf("the log doesn't say that nothing is cached: %s", log)
	}
}

func TestForwardedHost_to_a_function_URL_is_403(t *testing.T) {
	edge, log := open(t, siteAssembly(t, withForwardedValues(object{"QueryString": true, "Headers": []any{"*"}})), Options{})
	if !strings.Contains(log.String(), "requests of behavior /api/* get 403 from its function URL") || !strings.Contains(log.String(), "/api/*") {
		t.Errorf("no warning at start names the behavior: %s", log)
	}
	req := httptest.NewRequest(http.MethodGet, "/api/hello", nil)
	req.Host = "www.example.com"
	resp, body := do(t, edge, req)
	if resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "Forbidden") || !strings.Contains(log.String(), "Host is www.example.com, and Lambda accepts ") {
		t.Errorf("got %d %s\n%s", resp.StatusCode, body, log)
	}
}

func TestForwardedValues_beside_a_cache_policy_do_not_count(t *testing.T) {
	_, log := open(t, siteAssembly(t, withAPI(func(r object) { apiBehavior(r)["ForwardedValues"] = object{"QueryString": true} })), Options{})
	log.Want(t, "level=WARN", "may not be deployable", "CacheBehaviors[0].ForwardedValues", "can't be used with a cache policy", "remove it")
	_, err := buildDir(siteAssembly(t, withAPI(func(r object) {
		delete(apiBehavior(r), "CachePolicyId")
		apiBehavior(r)["ForwardedValues"], apiBehavior(r)["OriginRequestPolicyId"] = object{"QueryString": true}, "b689b0a8-53d0-40ab-baf2-68738e2966ac"
	})), Options{}, slog.New(slog.DiscardHandler))
	wantError(t, err, "ForwardedValues: can't be used with an origin request policy")
}

package cloudfront

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestNew_names_what_is_wrong(t *testing.T) {
	lambda := EdgeAssociation{Function: edgeFunc(func(map[string]any) (any, error) { return nil, nil }).invoke}
	function := viewerFunction(t, "return event.request")
	for want, change := range map[string]func(c *Config){
		`DefaultCacheBehavior.TargetOriginId: is "other", which isn't an origin`: func(c *Config) { c.Default.TargetOriginID = "other" },
		"DefaultCacheBehavior.LambdaFunctionAssociations: has a Lambda@Edge function at viewer-response": func(c *Config) {
			c.Default.ViewerRequest, c.Default.Edge = function, map[EventType]EdgeAssociation{ViewerResponse: lambda}
		},
	} {
		config := testConfig(&seen{})
		change(&config)
		_, err := New(config, slog.New(slog.DiscardHandler))
		expectFault(t, want, err)
	}
}

func TestOrigin_Validate_names_what_is_wrong(t *testing.T) {
	for want, change := range map[string]func(o *Origin){
		`OriginPath: is "a/"`:                     func(o *Origin) { o.Path = "a/" },
		`DomainName: invalid origin domain`:       func(o *Origin) { o.DomainName = "https://x" },
		"ConnectionAttempts: is 9":                func(o *Origin) { o.ConnectionAttempts = 9 },
		"CustomOriginConfig.OriginProtocolPolicy": func(o *Origin) { o.ProtocolPolicy = "ftp" },
	} {
		origin := testConfig(&seen{}).Origins["url"]
		change(&origin)
		expectFault(t, want, origin.Validate())
	}
}

func TestOAC_Validate_names_what_is_wrong(t *testing.T) {
	for want, oac := range map[string]OAC{
		`SigningBehavior: is ""`:         {OriginType: "lambda"},
		`SigningProtocol: is "sigv5"`:    {OriginType: "s3", SigningBehavior: "always", SigningProtocol: "sigv5"},
		"OriginAccessControlOriginType:": {SigningBehavior: "always", SigningProtocol: "sigv4", OriginType: "mediastore"},
	} {
		expectFault(t, want, oac.Validate())
	}
}

// expectFault checks that err says want, and what to do.
func expectFault(t *testing.T, want string, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
		t.Errorf("want %q with a hint, got %v (%s)", want, err, fault.HintOf(err))
	}
}

func TestNew_logs_what_is_not_emulated(t *testing.T) {
	config := testConfig(&seen{})
	config.Default.CachePolicy, _ = ManagedCachePolicies["658327ea-f89d-4fab-a63d-7e88639e58f6"]
	all, _ := ManagedOriginRequestPolicies["33f36d7e-f396-46d9-90e0-52428a34d9dc"]
	config.Default.OriginRequestPolicy = &all
	_, log := mustNew(t, config)
	for _, want := range []string{"nothing is cached locally", "CachingOptimized", "Cloudfront-Viewer-City"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
	if _, log := mustNew(t, testConfig(&seen{})); log.String() != "" {
		t.Errorf("want no log for CachingDisabled: %s", log)
	}
}

func TestFunction_at_CloudFront_and_Lambda_at_origin_are_allowed(t *testing.T) {
	config := testConfig(&seen{})
	config.Default.ViewerRequest = viewerFunction(t, "return event.request")
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) { return requestOf(cf), nil })
	d, _ := mustNew(t, config)
	if got := ask(t, d, "POST", "/", "x").StatusCode; got != http.StatusOK {
		t.Errorf("%d", got)
	}
}

package build

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
)

func behaviorOf(resources object) object {
	for _, resource := range resources {
		if r := resource.(object); r["Type"] == "AWS::CloudFront::Distribution" {
			return r["Properties"].(object)["DistributionConfig"].(object)["DefaultCacheBehavior"].(object)
		}
	}
	return nil
}

func policyResource(kind string, config object) object {
	return object{"Type": "AWS::CloudFront::" + kind, "Properties": object{kind + "Config": config}, "Metadata": object{"aws:cdk:path": "Site/Policy/Resource"}}
}

func buildWith(t *testing.T, property string, change func(resources object)) error {
	t.Helper()
	dir := siteAssembly(t, func(resources object) {
		behaviorOf(resources)[property] = object{"Ref": "Policy"}
		change(resources)
	})
	parts, err := buildDir(dir, Options{}, slog.New(slog.DiscardHandler))
	if err == nil {
		t.Cleanup(func() { parts.Close() })
	}
	return err
}

func TestPolicies_that_are_wrong_are_errors_at_the_policy(t *testing.T) {
	const want = "Site/Policy, CachePolicyConfig.Color: isn't a known property"
	err := buildWith(t, "CachePolicyId", func(resources object) {
		resources["Policy"] = policyResource("CachePolicy", object{"Name": "N", "Color": "red"})
	})
	if err == nil || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
		t.Errorf("want %q with a hint\ngot  %v (%s)", want, err, fault.HintOf(err))
	}
}

func TestCachePolicy_is_converted(t *testing.T) {
	var p cachePolicyProperties
	c := &p.CachePolicyConfig
	c.Name, c.MaxTTL = "Mine", 3600
	key := &c.ParametersInCacheKeyAndForwardedToOrigin
	key.EnableAcceptEncodingGzip = true
	key.HeadersConfig = headersConfig{"whitelist", []string{"Authorization"}}
	key.CookiesConfig = cookiesConfig{"allExcept", []string{"a"}}
	key.QueryStringsConfig = queryStringsConfig{"all", nil}
	want := cloudfront.CachePolicy{
		Name: "Mine", MaxTTL: time.Hour, AcceptEncodingGzip: true,
		Headers:      cloudfront.Selection{Behavior: "whitelist", Names: []string{"Authorization"}},
		Cookies:      cloudfront.Selection{Behavior: "allExcept", Names: []string{"a"}},
		QueryStrings: cloudfront.Selection{Behavior: "all"},
	}
	if diff := cmp.Diff(want, p.policy()); diff != "" {
		t.Error(diff)
	}
}

func TestResponseHeadersPolicy_is_converted(t *testing.T) {
	var p responseHeadersPolicyProperties
	c := &p.ResponseHeadersPolicyConfig
	age := 600
	c.CorsConfig = &cloudfront.CORS{AccessControlAllowOrigins: cloudfront.Items{Items: []string{"https://a"}}, AccessControlMaxAgeSec: &age, OriginOverride: true}
	c.SecurityHeadersConfig.StrictTransportSecurity = &struct {
		AccessControlMaxAgeSec int
		IncludeSubdomains      bool
		Override               bool
		Preload                bool
	}{63072000, true, true, true}
	c.SecurityHeadersConfig.ContentTypeOptions = &struct{ Override bool }{}
	c.RemoveHeadersConfig.Items = []struct{ Header string }{{"X-Powered-By"}}
	got := p.policy()
	for _, want := range []cloudfront.ResponseHeader{
		{Name: "Strict-Transport-Security", Value: "max-age=63072000; includeSubDomains; preload", Override: true},
		{Name: "X-Content-Type-Options", Value: "nosniff"},
	} {
		if !slices.Contains(got.Headers, want) {
			t.Errorf("no %v in %v", want, got.Headers)
		}
	}
	if *got.CORS.AccessControlMaxAgeSec != age || !got.CORS.OriginOverride || !slices.Equal(got.Remove, []string{"X-Powered-By"}) {
		t.Errorf("got %+v", got)
	}
}

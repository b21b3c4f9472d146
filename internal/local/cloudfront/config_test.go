package cloudfront

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestNew_names_what_is_wrong(t *testing.T) {
	lambda := EdgeAssociation{Function: edgeFunc(func(map[string]any) (any, error) { return nil, nil })}
	function := viewerFunc(func(ViewerEvent) (ViewerResult, error) { return ViewerResult{}, nil })
	for want, change := range map[string]func(c *Config){
		"Account must":                         func(c *Config) { c.Account = "" },
		`no such origin`:                       func(c *Config) { c.Default.TargetOriginID = "other" },
		`path pattern "/x"`:                    func(c *Config) { c.Default.PathPattern = "/x" },
		"has no path pattern":                  func(c *Config) { c.Behaviors = []Behavior{c.Default} },
		`ViewerProtocolPolicy is "http-only"`:  func(c *Config) { c.Default.ViewerProtocolPolicy = "http-only" },
		"ForwardedValues are not played":       func(c *Config) { c.Default.CachePolicy = CachePolicy{} },
		`AllowedMethods names "LINK"`:          func(c *Config) { c.Default.AllowedMethods = []string{"LINK"} },
		"DefaultRootObject":                    func(c *Config) { c.DefaultRootObject = "/index.html" },
		"HttpVersion":                          func(c *Config) { c.HTTPVersion = "http4" },
		"needs a transport":                    func(c *Config) { c.edit(func(o *Origin, _ *Behavior) { o.Transport = nil }) },
		"OriginPath":                           func(c *Config) { c.edit(func(o *Origin, _ *Behavior) { o.Path = "a/" }) },
		"not a domain name":                    func(c *Config) { c.edit(func(o *Origin, _ *Behavior) { o.DomainName = "https://x" }) },
		"ConnectionAttempts is 9":              func(c *Config) { c.edit(func(o *Origin, _ *Behavior) { o.ConnectionAttempts = 9 }) },
		"OriginProtocolPolicy":                 func(c *Config) { c.edit(func(o *Origin, _ *Behavior) { o.ProtocolPolicy = "ftp" }) },
		"the custom header":                    func(c *Config) { c.edit(func(o *Origin, _ *Behavior) { o.CustomHeaders = []Header{{"a b", ""}} }) },
		`SigningBehavior of its origin access`: func(c *Config) { c.edit(func(o *Origin, _ *Behavior) { o.OAC = &OAC{} }) },
		"no signer or no region": func(c *Config) {
			c.edit(func(o *Origin, _ *Behavior) {
				o.OAC = &OAC{SigningBehavior: "always", SigningProtocol: "sigv4", OriginType: "lambda"}
			})
		},
		"plays lambda and s3": func(c *Config) {
			c.edit(func(o *Origin, _ *Behavior) {
				o.OAC = &OAC{SigningBehavior: "always", SigningProtocol: "sigv4", OriginType: "mediastore"}
			})
		},
		"ErrorCode is 418":           func(c *Config) { c.CustomErrorResponses = []CustomErrorResponse{{ErrorCode: 418}} },
		"go together":                func(c *Config) { c.CustomErrorResponses = []CustomErrorResponse{{ErrorCode: 404, ResponseCode: 200}} },
		"ResponseCode of 404 is 302": func(c *Config) { c.CustomErrorResponses = []CustomErrorResponse{{404, 302, "/x"}} },
		"must start with a slash":    func(c *Config) { c.CustomErrorResponses = []CustomErrorResponse{{404, 200, "x"}} },
		"CloudFront takes one kind": func(c *Config) {
			c.Default.ViewerRequest, c.Default.Edge = function, map[EventType]EdgeAssociation{ViewerResponse: lambda}
		},
		`the event "origin-error"`:     func(c *Config) { c.Default.Edge = map[EventType]EdgeAssociation{"origin-error": lambda} },
		"at origin-request is missing": func(c *Config) { c.Default.Edge = map[EventType]EdgeAssociation{OriginRequest: {}} },
		"only request events have a body": func(c *Config) {
			c.Default.Edge = map[EventType]EdgeAssociation{OriginResponse: {Function: lambda.Function, IncludeBody: true}}
		},
		"X-Amz-Cf-Id": func(c *Config) {
			c.Default.ResponseHeadersPolicy = &ResponseHeadersPolicy{Remove: []string{"X-Amz-Cf-Id"}}
		},
	} {
		config := testConfig(&seen{})
		change(&config)
		_, err := New(config, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), testID) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestNew_says_what_does_not_show_locally(t *testing.T) {
	config := testConfig(&seen{})
	config.Default.CachePolicy, _ = ManagedCachePolicy("658327ea-f89d-4fab-a63d-7e88639e58f6")
	all, _ := ManagedOriginRequestPolicy("33f36d7e-f396-46d9-90e0-52428a34d9dc")
	config.Default.OriginRequestPolicy = &all
	_, log := mustNew(t, config)
	for _, want := range []string{"nothing is cached locally", "CachingOptimized", "Cloudfront-Viewer-City"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
	if _, log := mustNew(t, testConfig(&seen{})); log.String() != "" {
		t.Errorf("CachingDisabled is worth no word: %s", log)
	}
}

func TestFunction_at_CloudFront_and_Lambda_at_origin_are_allowed(t *testing.T) {
	config := testConfig(&seen{})
	config.Default.ViewerRequest = viewerFunc(func(e ViewerEvent) (ViewerResult, error) { return ViewerResult{Request: &e.Request}, nil })
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) { return requestOf(cf), nil })
	d, _ := mustNew(t, config)
	if got := ask(t, d, "POST", "/", "x").StatusCode; got != http.StatusOK {
		t.Errorf("%d", got)
	}
}

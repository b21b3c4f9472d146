package build

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
)

func TestTry_is_a_request_that_a_stage_takes(t *testing.T) {
	for want, routes := range map[string][]restapi.Route{
		"":                nil,
		"GET /prod/":      {{Path: "/{proxy+}", Method: "ANY"}},
		"POST /prod/chat": {{Path: "/chat", Method: "OPTIONS"}, {Path: "/chat", Method: "POST"}, {Path: "/key", Method: "GET", KeyRequired: true}},
		"GET /prod/read":  {{Path: "/chat", Method: "POST"}, {Path: "/read", Method: "GET"}, {Path: "/also", Method: "GET"}},
	} {
		if got := tryStage("prod", &restapi.Stage{Routes: routes}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTry_is_a_request_that_a_distribution_takes(t *testing.T) {
	api := &endpoint{domain: "api.example", stage: "prod", try: "POST /prod/chat"}
	b := &builder{app: App{endpoints: []*endpoint{api}}}
	origins := map[string]cloudfront.Origin{"url": {DomainName: "url.example"}, "files": {S3: true}, "api": {DomainName: "api.example", Path: "/prod"}}
	get, post := []string{"GET", "HEAD"}, []string{"GET", "POST"}
	for _, test := range []struct {
		want   string
		config cloudfront.Config
	}{
		{"GET /", cloudfront.Config{Default: cloudfront.Behavior{TargetOriginID: "url"}}},
		{"GET /", cloudfront.Config{Default: cloudfront.Behavior{TargetOriginID: "files"}, DefaultRootObject: "index.html"}},
		{"GET /api/", cloudfront.Config{Default: cloudfront.Behavior{TargetOriginID: "files"}, Behaviors: []cloudfront.Behavior{{PathPattern: "/api/*", TargetOriginID: "url"}}}},
		{"POST /chat", cloudfront.Config{Default: cloudfront.Behavior{TargetOriginID: "api", AllowedMethods: post}}},
		{"", cloudfront.Config{Default: cloudfront.Behavior{TargetOriginID: "api", AllowedMethods: get}}},
	} {
		test.config.Origins = origins
		if got := b.tryDistribution(test.config); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

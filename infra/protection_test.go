package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

const securityHeadersPolicy = "67f7725c-6f97-4210-82d7-5512b31e9d03"

// endpointConfig returns the configuration of the distribution of a stack
// with an endpoint, and the stack's template.
func endpointConfig(t *testing.T, props infra.EndpointProps) (any, synthtest.Template) {
	t.Helper()
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), props)
	consumer := synthtest.Templates(app)["Consumer"]
	return synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig"), consumer
}

// pageCors permits pages of www.example.com.
func pageCors() *awscloudfront.ResponseHeadersCorsBehavior {
	return &awscloudfront.ResponseHeadersCorsBehavior{
		AccessControlAllowCredentials: jsii.Bool(true),
		AccessControlAllowHeaders:     jsii.Strings("content-type"),
		AccessControlAllowMethods:     jsii.Strings("GET", "POST", "OPTIONS"),
		AccessControlAllowOrigins:     jsii.Strings("https://www.example.com"),
		AccessControlMaxAge:           awscdk.Duration_Minutes(jsii.Number(10)),
		OriginOverride:                jsii.Bool(true),
	}
}

func TestEndpoint_adds_security_headers_without_a_resource(t *testing.T) {
	config, consumer := endpointConfig(t, infra.EndpointProps{})
	if got := synthtest.At(t, config, "DefaultCacheBehavior", "ResponseHeadersPolicyId"); got != securityHeadersPolicy {
		t.Errorf("got policy %v, want AWS's SecurityHeadersPolicy", got)
	}
	if got := consumer.Resources("AWS::CloudFront::ResponseHeadersPolicy"); len(got) != 0 {
		t.Errorf("got %d policies in the template, want AWS's alone", len(got))
	}
}

func TestEndpoint_changes_single_security_headers(t *testing.T) {
	headers := infra.DefaultSecurityHeaders()
	headers.FrameOptions = nil
	headers.ContentSecurityPolicy = &awscloudfront.ResponseHeadersContentSecurityPolicy{
		ContentSecurityPolicy: jsii.String("default-src 'self'"),
		Override:              jsii.Bool(true),
	}
	config, consumer := endpointConfig(t, infra.EndpointProps{SecurityHeaders: headers})

	policy := consumer.Only(t, "AWS::CloudFront::ResponseHeadersPolicy")
	if got := synthtest.At(t, config, "DefaultCacheBehavior", "ResponseHeadersPolicyId", "Ref"); got != policy.LogicalID {
		t.Errorf("got policy %v, want %s", got, policy.LogicalID)
	}
	added := synthtest.At(t, policy.Properties, "ResponseHeadersPolicyConfig", "SecurityHeadersConfig")
	if got := synthtest.At(t, added, "ContentSecurityPolicy", "ContentSecurityPolicy"); got != "default-src 'self'" {
		t.Errorf("got content security policy %v, want the given one", got)
	}
	if got := synthtest.At(t, added, "StrictTransportSecurity", "AccessControlMaxAgeSec"); got != 31536000.0 {
		t.Errorf("got HSTS for %v s, want the default's year", got)
	}
	if got := synthtest.At(t, added, "FrameOptions"); got != nil {
		t.Errorf("got frame options %v, want none", got)
	}
	if got := synthtest.Text(t, synthtest.At(t, policy.Properties, "ResponseHeadersPolicyConfig", "Name")); !strings.Contains(got, "eu-west-1") {
		t.Errorf("got name %s, want the region in it, as names are shared by all regions", got)
	}
}

func TestEndpoint_adds_no_header_if_none_is_wanted(t *testing.T) {
	config, _ := endpointConfig(t, infra.EndpointProps{SecurityHeaders: &awscloudfront.ResponseSecurityHeadersBehavior{}})
	if got := synthtest.At(t, config, "DefaultCacheBehavior", "ResponseHeadersPolicyId"); got != nil {
		t.Errorf("got policy %v, want none", got)
	}
}

func TestEndpoint_permits_other_origins_in_one_place(t *testing.T) {
	_, consumer := endpointConfig(t, infra.EndpointProps{Cors: pageCors()})

	policy := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::ResponseHeadersPolicy").Properties, "ResponseHeadersPolicyConfig")
	if got := synthtest.At(t, policy, "CorsConfig", "AccessControlAllowOrigins", "Items", 0); got != "https://www.example.com" {
		t.Errorf("got origin %v, want the given one", got)
	}
	if got := synthtest.At(t, policy, "SecurityHeadersConfig", "ContentTypeOptions", "Override"); got != true {
		t.Errorf("got nosniff %v, want the security headers, too", got)
	}
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(consumer)))
	want := `{"AllowCredentials":true,"AllowHeaders":["content-type"],"AllowMethods":["GET","POST"],"AllowOrigins":["https://www.example.com"],"MaxAge":600}`
	if got := synthtest.Text(t, consumer.Only(t, "AWS::Lambda::Url").Properties["Cors"]); got != want {
		t.Errorf("got CORS %s of the URL, which responds to preflight requests, want %s", got, want)
	}
}

func TestEndpoint_behaviors_have_its_response_headers_and_their_own_key_groups(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	group := awscloudfront.KeyGroup_FromKeyGroupId(stack, jsii.String("Keys"), jsii.String("11112222-3333-4444-5555-666677778888"))
	endpoint := newEndpoint(stack, infra.EndpointProps{Cors: pageCors()})
	endpoint.AddBehavior(jsii.String("Private"), &infra.BehaviorProps{
		PathPattern:      jsii.String("/private/*"),
		Handler:          infra.GoHandler("./testdata/handler"),
		TrustedKeyGroups: &[]awscloudfront.IKeyGroup{group},
	})
	endpoint.AddBehavior(jsii.String("Widget"), &infra.BehaviorProps{
		PathPattern:           jsii.String("/widget/*"),
		Handler:               infra.GoHandler("./testdata/handler"),
		ResponseHeadersPolicy: awscloudfront.ResponseHeadersPolicy_SECURITY_HEADERS(),
	})
	consumer := synthtest.Templates(app)["Consumer"]
	config := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")

	policy := consumer.Only(t, "AWS::CloudFront::ResponseHeadersPolicy").LogicalID
	if got := synthtest.At(t, config, "CacheBehaviors", 0, "ResponseHeadersPolicyId", "Ref"); got != policy {
		t.Errorf("got policy %v, want the endpoint's", got)
	}
	if got := synthtest.At(t, config, "CacheBehaviors", 1, "ResponseHeadersPolicyId"); got != securityHeadersPolicy {
		t.Errorf("got policy %v, want the behavior's own", got)
	}
	if got := synthtest.At(t, config, "CacheBehaviors", 0, "TrustedKeyGroups", 0); got != "11112222-3333-4444-5555-666677778888" {
		t.Errorf("got key group %v, want the given one", got)
	}
	if got := synthtest.At(t, config, "DefaultCacheBehavior", "TrustedKeyGroups"); got != nil {
		t.Errorf("got key groups %v by default, want none", got)
	}
	var cors int
	for _, url := range consumer.Resources("AWS::Lambda::Url") {
		if url.Properties["Cors"] != nil {
			cors++
		}
	}
	if cors != 2 {
		t.Errorf("got %d URLs with CORS, want those of the two behaviors with the endpoint's policy", cors)
	}
}

func TestEndpoint_serves_only_given_countries_and_signed_requests(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newEndpoint(stack, infra.EndpointProps{
		GeoRestriction: awscloudfront.GeoRestriction_Allowlist(jsii.String("DE"), jsii.String("FR")),
		TrustedKeyGroups: &[]awscloudfront.IKeyGroup{
			awscloudfront.KeyGroup_FromKeyGroupId(stack, jsii.String("Keys"), jsii.String("11112222-3333-4444-5555-666677778888")),
		},
	})
	config := synthtest.At(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	if got := synthtest.Text(t, synthtest.At(t, config, "Restrictions", "GeoRestriction")); got != `{"Locations":["DE","FR"],"RestrictionType":"whitelist"}` {
		t.Errorf("got restriction %s, want Germany and France", got)
	}
	if got := synthtest.At(t, config, "DefaultCacheBehavior", "TrustedKeyGroups", 0); got != "11112222-3333-4444-5555-666677778888" {
		t.Errorf("got key group %v, want the given one", got)
	}
}

func TestEndpoint_rejects_invalid_protection(t *testing.T) {
	cors := func(change func(*awscloudfront.ResponseHeadersCorsBehavior)) infra.EndpointProps {
		c := pageCors()
		change(c)
		return infra.EndpointProps{Cors: c}
	}
	for name, test := range map[string]struct {
		props infra.EndpointProps
		want  []string
	}{
		"two web ACLs": {
			infra.EndpointProps{WebAcl: &infra.WebAclProps{}, WebAclId: jsii.String("arn:aws:wafv2:us-east-1:111122223333:global/webacl/front/a")},
			[]string{"both WebAcl and WebAclId"},
		},
		"two policies": {
			infra.EndpointProps{Cors: pageCors(), ResponseHeadersPolicy: awscloudfront.ResponseHeadersPolicy_SECURITY_HEADERS()},
			[]string{"ResponseHeadersPolicy and also SecurityHeaders or Cors"},
		},
		"no key group": {
			infra.EndpointProps{TrustedKeyGroups: &[]awscloudfront.IKeyGroup{}},
			[]string{"TrustedKeyGroups without a key group"},
		},
		"credentials for everyone": {
			cors(func(c *awscloudfront.ResponseHeadersCorsBehavior) { c.AccessControlAllowOrigins = jsii.Strings("*") }),
			[]string{"AccessControlAllowCredentials for the origin *", "list the origins"},
		},
		"a pattern of origins": {
			cors(func(c *awscloudfront.ResponseHeadersCorsBehavior) {
				c.AccessControlAllowOrigins = jsii.Strings("https://*.example.com")
			}),
			[]string{"https://*.example.com", "whole origins", "ResponseHeadersPolicy"},
		},
		"a host": {
			cors(func(c *awscloudfront.ResponseHeadersCorsBehavior) {
				c.AccessControlAllowOrigins = jsii.Strings("www.example.com")
			}),
			[]string{"the origin www.example.com", "scheme and host"},
		},
		"an unknown method": {
			cors(func(c *awscloudfront.ResponseHeadersCorsBehavior) { c.AccessControlAllowMethods = jsii.Strings("post") }),
			[]string{`post`},
		},
		"no header": {
			cors(func(c *awscloudfront.ResponseHeadersCorsBehavior) { c.AccessControlAllowHeaders = nil }),
			[]string{"Cors without AccessControlAllowHeaders"},
		},
		"nothing at all": {
			infra.EndpointProps{Cors: &awscloudfront.ResponseHeadersCorsBehavior{}},
			[]string{"Cors without AccessControlAllowHeaders"}, // always the first
		},
		"hashes that pages can't send": {
			infra.EndpointProps{Cors: pageCors(), BodyHashing: infra.BodyHashing_VIEWER},
			[]string{"Cors without x-amz-content-sha256", "BodyHashing_VIEWER"},
		},
		"two days": {
			cors(func(c *awscloudfront.ResponseHeadersCorsBehavior) {
				c.AccessControlMaxAge = awscdk.Duration_Days(jsii.Number(2))
			}),
			[]string{"FunctionUrl CORS maxAge should be less than or equal to 86400 secs (got 172800)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() { newEndpoint(newStack(newApp(), "Consumer", "eu-west-1"), test.props) })
			for _, want := range append(test.want, "Consumer/Api") {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}

func TestEndpoint_static_files_have_its_response_headers(t *testing.T) {
	config, _ := endpointConfig(t, infra.EndpointProps{StaticFiles: &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)}})
	for name, behavior := range map[string]any{"the site": synthtest.At(t, config, "DefaultCacheBehavior"), "the handler": synthtest.At(t, config, "CacheBehaviors", 0)} {
		if got := synthtest.At(t, behavior, "ResponseHeadersPolicyId"); got != securityHeadersPolicy {
			t.Errorf("%s: got policy %v, want AWS's SecurityHeadersPolicy", name, got)
		}
	}
}

package infra_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// key returns what a cache policy has in its key.
func key(t *testing.T, policy synthtest.Resource) map[string]any {
	t.Helper()
	return synthtest.At(t, policy.Properties, "CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin").(map[string]any)
}

func TestPageCache_forwards_only_its_key(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newEndpoint(stack, infra.EndpointProps{Function: newNodeFunction(stack), PageCache: &infra.PageCacheProps{}})
	templates := synthtest.Templates(app)
	template := templates["Consumer"]
	if len(templates) != 1 {
		t.Errorf("got %d stacks, want no edge stack for GET, HEAD and OPTIONS", len(templates))
	}
	behavior := synthtest.At(t, template.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "DefaultCacheBehavior").(map[string]any)
	policy := template.Only(t, "AWS::CloudFront::CachePolicy")
	if got, want := synthtest.Text(t, behavior["CachePolicyId"]), `{"Ref":"`+policy.LogicalID+`"}`; got != want {
		t.Errorf("got cache policy %s, want %s", got, want)
	}
	if got := behavior["OriginRequestPolicyId"]; got != nil {
		t.Errorf("got origin request policy %v, want none", got)
	}
	if got, want := synthtest.Text(t, behavior["AllowedMethods"]), `["GET","HEAD","OPTIONS"]`; got != want {
		t.Errorf("got methods %s, want %s", got, want)
	}
	const want = `{"CookiesConfig":{"CookieBehavior":"none"},"EnableAcceptEncodingBrotli":false,"EnableAcceptEncodingGzip":false,` +
		`"HeadersConfig":{"HeaderBehavior":"whitelist","Headers":["x-original-host","x-forwarded-host"]},"QueryStringsConfig":{"QueryStringBehavior":"all"}}`
	if got := synthtest.Text(t, key(t, policy)); got != want {
		t.Errorf("got key %s, want %s", got, want)
	}
	config := synthtest.At(t, policy.Properties, "CachePolicyConfig").(map[string]any)
	if config["MinTTL"] != 0.0 || config["DefaultTTL"] != 0.0 || config["MaxTTL"] != 31536000.0 || !strings.HasSuffix(config["Name"].(string), "-eu-west-1") {
		t.Errorf("got %v, want what Cache-Control says for up to a year, and a name with the region", config)
	}
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(template)))
}

func TestPageCache_has_what_its_props_name(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	infra.NewPageCache(stack, jsii.String("Pages"), &infra.PageCacheProps{
		Headers:      jsii.Strings("Authorization", "Accept-Language", "X-Forwarded-Host", "x-original-authorization"),
		Cookies:      jsii.Strings("session"),
		QueryStrings: jsii.Strings("page"),
		DefaultTtl:   awscdk.Duration_Minutes(jsii.Number(1)),
		MaxTtl:       awscdk.Duration_Hours(jsii.Number(1)),
	})
	policy := synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::CachePolicy")
	for _, want := range []string{
		`"Headers":["x-original-host","x-forwarded-host","x-original-authorization","accept-language"]`,
		`"Cookies":["session"]`, `"QueryStrings":["page"]`, `"DefaultTTL":60`, `"MaxTTL":3600`, `"MinTTL":0`,
	} {
		if got := synthtest.Text(t, policy.Properties); !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
}

func TestPageCache_of_a_behavior_has_the_headers_of_preflight_requests(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{BodyHashing: infra.BodyHashing_VIEWER, Cors: &awscloudfront.ResponseHeadersCorsBehavior{
		AccessControlAllowCredentials: jsii.Bool(false),
		AccessControlAllowHeaders:     jsii.Strings("x-amz-content-sha256"),
		AccessControlAllowMethods:     jsii.Strings("GET"),
		AccessControlAllowOrigins:     jsii.Strings("https://www.example.com"),
		OriginOverride:                jsii.Bool(true),
	}})
	endpoint.AddBehavior(jsii.String("News"), &infra.BehaviorProps{
		PathPattern: jsii.String("/news/*"), Function: newNodeFunction(stack), PageCache: &infra.PageCacheProps{QueryStrings: &[]*string{}},
	})
	template := synthtest.Templates(app)["Consumer"]
	got := synthtest.Text(t, key(t, template.Only(t, "AWS::CloudFront::CachePolicy")))
	for _, want := range []string{`"origin","access-control-request-method","access-control-request-headers"]`, `"QueryStringBehavior":"none"`} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
	config := synthtest.At(t, template.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	if synthtest.At(t, config, "DefaultCacheBehavior", "OriginRequestPolicyId") == nil || synthtest.At(t, config, "CacheBehaviors", 0, "OriginRequestPolicyId") != nil {
		t.Errorf("got %s, want only the behavior of /news/* without origin request policy", synthtest.Text(t, config))
	}
}

func TestPageCache_fails(t *testing.T) {
	for name, test := range map[string]struct {
		props infra.PageCacheProps
		want  string
	}{
		"with Host":        {infra.PageCacheProps{Headers: jsii.Strings("Host")}, `"host" in Headers: remove it`},
		"with all cookies": {infra.PageCacheProps{Headers: jsii.Strings("Cookie")}, "name the cookies in Cookies"},
		"with compression": {infra.PageCacheProps{Headers: jsii.Strings("Accept-Encoding")}, "must not be compressed"},
	} {
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		if got := synthtest.Failure(t, func() { infra.NewPageCache(stack, jsii.String("Pages"), &test.props) }); !strings.Contains(got, "Consumer/Pages: got") || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q in it", name, got, test.want)
		}
	}
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	got := synthtest.Failure(t, func() {
		newEndpoint(stack, infra.EndpointProps{PageCache: &infra.PageCacheProps{}, AllowedMethods: awscloudfront.AllowedMethods_ALLOW_ALL()})
	})
	if !strings.Contains(got, "Consumer/Api: got AllowedMethods with POST") {
		t.Errorf("got %q, want it to refuse POST", got)
	}
}

// Whichever header original_host adds, synthesis fails if it is forwarded and taken
// out of the key.
func TestForwarding_is_checked_for_each_header_of_original_host(t *testing.T) {
	all := slices.Concat(slices.Collect(maps.Values(edge.CopiedHeaders()))...)
	if len(all) < 3 {
		t.Fatalf("got %v, want the headers that original_host adds", all)
	}
	for _, header := range all {
		rest := slices.DeleteFunc(slices.Clone(all), func(other string) bool { return other == header })
		for name, test := range map[string]struct {
			key  []string
			want []string
		}{"in the key": {all, nil}, "outside": {rest, []string{"one viewer's response", "headers"}}} {
			t.Run(header+" "+name, func(t *testing.T) {
				app := newApp()
				stack := newStack(app, "Consumer", "eu-west-1")
				options := streamingOptions(stack)
				options.CachePolicy, options.OriginRequestPolicy = ownPolicies(test.key, 60, forwardingHeaders(header))(stack)
				awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: options})
				expectProblem(t, app, test.want, "the default behavior")
			})
		}
	}
}

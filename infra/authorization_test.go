package infra_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

const issuer = "https://tenant.eu.auth0.com/"

// required finds what a function at viewer-request requires.
var required = regexp.MustCompile(`const authorization = (.*?);\n`)

// named returns props of an endpoint at chat.example.com.
func named(stack awscdk.Stack, props infra.EndpointProps) infra.EndpointProps {
	props.DomainNames = jsii.Strings("*.example.com", "chat.example.com")
	props.Certificate = awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
		jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888"))
	return props
}

// A path is what behaviors have at a path pattern; "" is the default behavior.
type path struct{ requires, challenge string }

// paths returns what the behaviors of the only distribution require by the function
// at viewer-request, and which challenge their policies add.
func paths(t *testing.T, template synthtest.Template) map[string]path {
	t.Helper()
	functions, policies := map[string]string{}, map[string]string{}
	for _, function := range template.Resources("AWS::CloudFront::Function") {
		code := strings.NewReplacer(`\n`, "\n", `\"`, `"`).Replace(synthtest.Text(t, function.Properties["FunctionCode"]))
		if match := required.FindStringSubmatch(code); match != nil {
			functions[function.LogicalID] = match[1]
		}
	}
	for _, policy := range template.Resources("AWS::CloudFront::ResponseHeadersPolicy") {
		if added := synthtest.At(t, policy.Properties, "ResponseHeadersPolicyConfig", "CustomHeadersConfig"); added != nil {
			header := synthtest.At(t, added, "Items", 0).(map[string]any)
			if header["Header"] != "WWW-Authenticate" || header["Override"] != false {
				t.Errorf("got header %v, want WWW-Authenticate that the edge function's wins over", header)
			}
			policies[policy.LogicalID] = header["Value"].(string)
		}
	}
	config := synthtest.At(t, template.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	found := map[string]path{}
	behaviors, _ := synthtest.At(t, config, "CacheBehaviors").([]any)
	for _, behavior := range append(behaviors, synthtest.At(t, config, "DefaultCacheBehavior")) {
		pattern, _ := behavior.(map[string]any)["PathPattern"].(string)
		var one path
		one.requires = functions[synthtest.At(t, behavior, "FunctionAssociations", 0, "FunctionARN", "Fn::GetAtt", 0).(string)]
		if policy, ok := synthtest.At(t, behavior, "ResponseHeadersPolicyId").(map[string]any); ok {
			one.challenge = policies[policy["Ref"].(string)]
		}
		found[pattern] = one
	}
	return found
}

func TestEndpoint_requires_tokens_for_its_resource(t *testing.T) {
	const wellKnown = "/.well-known/oauth-protected-resource"
	for name, test := range map[string]struct {
		options  infra.AuthorizationOptions
		named    bool
		metadata string
		want     path
	}{
		"the viewer's host":      {infra.AuthorizationOptions{}, false, wellKnown, path{`{"issuer":"` + issuer + `","path":""}`, ""}},
		"a path of it":           {infra.AuthorizationOptions{Resource: jsii.String("/mcp")}, false, wellKnown + "/mcp", path{`{"issuer":"` + issuer + `","path":"/mcp"}`, ""}},
		"a domain name":          {infra.AuthorizationOptions{}, true, wellKnown, path{`{"issuer":"` + issuer + `","origin":"https://chat.example.com","path":""}`, `Bearer resource_metadata="https://chat.example.com` + wellKnown + `"`}},
		"a path of a domain":     {infra.AuthorizationOptions{Resource: jsii.String("/mcp/")}, true, wellKnown + "/mcp", path{`{"issuer":"` + issuer + `","origin":"https://chat.example.com","path":"/mcp"}`, `Bearer resource_metadata="https://chat.example.com` + wellKnown + `/mcp"`}},
		"a URL beside a domain":  {infra.AuthorizationOptions{Resource: jsii.String("https://api.example.com/mcp")}, true, wellKnown + "/mcp", path{`{"issuer":"` + issuer + `","origin":"https://api.example.com","path":"/mcp"}`, `Bearer resource_metadata="https://api.example.com` + wellKnown + `/mcp"`}},
		"audiences and scopes":   {infra.AuthorizationOptions{Audiences: jsii.Strings("a", "b"), Scopes: jsii.Strings("read")}, false, wellKnown, path{`{"issuer":"` + issuer + `","audiences":["a","b"],"scopes":["read"],"path":""}`, ""}},
		"a port of this machine": {infra.AuthorizationOptions{Resource: jsii.String("http://127.0.0.1:8080/mcp")}, false, wellKnown + "/mcp", path{`{"issuer":"` + issuer + `","origin":"http://127.0.0.1:8080","path":"/mcp"}`, `Bearer resource_metadata="http://127.0.0.1:8080` + wellKnown + `/mcp"`}},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", "eu-west-1")
			options := test.options
			options.Issuer = jsii.String(issuer)
			props := infra.EndpointProps{Authorization: &options}
			if test.named {
				props = named(stack, props)
			}
			newEndpoint(stack, props)
			got := paths(t, synthtest.Templates(app)["Consumer"])
			if len(got) != 2 || got[""] != test.want || got[test.metadata] != test.want {
				t.Errorf("got %+v, want %+v by default and at %s", got, test.want, test.metadata)
			}
			if *options.Issuer != issuer || (test.options.Resource == nil) != (options.Resource == nil) {
				t.Errorf("got the caller's options changed to %+v", options)
			}
		})
	}
}

// A user pool's URL is known when it is deployed.
func TestEndpoint_takes_an_issuer_of_the_app(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	pool := awscdk.NewCfnParameter(stack, jsii.String("Pool"), nil)
	newEndpoint(stack, infra.EndpointProps{Authorization: &infra.AuthorizationOptions{
		Issuer: jsii.String("https://cognito-idp.eu-west-1.amazonaws.com/" + *pool.ValueAsString()), Audiences: &[]*string{pool.ValueAsString()},
	}})
	got := paths(t, synthtest.Templates(app)["Consumer"])[""].requires
	if want := `"issuer":"https://cognito-idp.eu-west-1.amazonaws.com/`; !strings.Contains(got, want) || strings.Contains(got, "TOKEN") {
		t.Errorf("got %s, want the issuer resolved", got)
	}
}

func TestBehaviors_may_require_other_tokens_than_their_endpoint(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	endpoint := newEndpoint(stack, named(stack, infra.EndpointProps{Authorization: &infra.AuthorizationOptions{Issuer: jsii.String(issuer)}}))
	add := func(id, pattern string, options *infra.AuthorizationOptions) {
		endpoint.AddBehavior(jsii.String(id), &infra.BehaviorProps{PathPattern: jsii.String(pattern), Handler: infra.GoHandler("./testdata/handler"), Authorization: options})
	}
	add("Same", "/same", nil)
	add("Open", "/open/*", &infra.AuthorizationOptions{})
	add("Agent", "/agent/*", &infra.AuthorizationOptions{Issuer: jsii.String("https://other.example"), Scopes: jsii.Strings("agent")})
	got := paths(t, synthtest.Templates(app)["Consumer"])

	own := path{`{"issuer":"https://other.example","scopes":["agent"],"origin":"https://chat.example.com","path":"/agent"}`,
		`Bearer resource_metadata="https://chat.example.com/.well-known/oauth-protected-resource/agent"`}
	for pattern, want := range map[string]path{"/same": got[""], "/open/*": {}, "/agent/*": own, "/.well-known/oauth-protected-resource/agent": own} {
		if got[pattern] != want {
			t.Errorf("%s: got %+v, want %+v", pattern, got[pattern], want)
		}
	}
	if got[""].requires == "" {
		t.Error("got no token required by default, want the endpoint's")
	}
}

// The metadata is neither a file nor cached, and no signature is needed for it.
func TestEndpoint_serves_the_metadata_wherever_its_behaviors_lead(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	group := awscloudfront.KeyGroup_FromKeyGroupId(stack, jsii.String("Keys"), jsii.String("11112222-3333-4444-5555-666677778888"))
	newEndpoint(stack, infra.EndpointProps{
		Authorization:    &infra.AuthorizationOptions{Issuer: jsii.String(issuer)},
		PageCache:        &infra.PageCacheProps{Headers: jsii.Strings("authorization")},
		TrustedKeyGroups: &[]awscloudfront.IKeyGroup{group},
		StaticFiles:      &infra.StaticFilesProps{Directory: jsii.String("testdata/site"), PathPatterns: jsii.Strings("/.well-known/*")},
	})
	consumer := synthtest.Templates(app)["Consumer"]
	first := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "CacheBehaviors", 0).(map[string]any)
	const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
	if first["PathPattern"] != "/.well-known/oauth-protected-resource" || first["TrustedKeyGroups"] != nil || first["CachePolicyId"] != cachingDisabled {
		t.Errorf("got first %v, want the metadata, unsigned and uncached", first)
	}
	got := paths(t, consumer)
	if got["/.well-known/oauth-protected-resource"].requires == "" || got["/.well-known/*"].requires != "" {
		t.Errorf("got %+v, want files public and the metadata by the handler's function", got)
	}
}

func TestEndpoint_rejects_authorization_that_clients_cannot_follow(t *testing.T) {
	cache := &infra.PageCacheProps{}
	for name, test := range map[string]struct {
		options infra.AuthorizationOptions
		cache   *infra.PageCacheProps
		want    string
	}{
		"no issuer":           {infra.AuthorizationOptions{Scopes: jsii.Strings("read")}, nil, `the Issuer "" in Authorization`},
		"an issuer over http": {infra.AuthorizationOptions{Issuer: jsii.String("http://issuer.example")}, nil, "an https URL such as"},
		"an issuer's path":    {infra.AuthorizationOptions{Issuer: jsii.String("/realms/a")}, nil, "an https URL such as"},
		"an issuer's query":   {infra.AuthorizationOptions{Issuer: jsii.String("https://issuer.example/?a")}, nil, "an https URL such as"},
		"a host alone":        {infra.AuthorizationOptions{Issuer: jsii.String(issuer), Resource: jsii.String("api.example.com")}, nil, `a path such as "/mcp"`},
		"a fragment":          {infra.AuthorizationOptions{Issuer: jsii.String(issuer), Resource: jsii.String("https://api.example.com/#a")}, nil, `a path such as "/mcp"`},
		"a later resource":    {infra.AuthorizationOptions{Issuer: jsii.String(issuer), Resource: awscdk.Aws_STACK_NAME()}, nil, "known at deployment only"},
		"two scopes in one":   {infra.AuthorizationOptions{Issuer: jsii.String(issuer), Scopes: jsii.Strings("read write")}, nil, "one scope an element"},
		"pages for everyone":  {infra.AuthorizationOptions{Issuer: jsii.String(issuer)}, cache, "cached pages would be for everyone"},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			message := synthtest.Failure(t, func() {
				newEndpoint(stack, infra.EndpointProps{Authorization: &test.options, PageCache: test.cache})
			})
			if !strings.Contains(message, test.want) || !strings.Contains(message, "Consumer/Api") {
				t.Errorf("got %q, want it to say %q and where", message, test.want)
			}
		})
	}
	endpoint := newEndpoint(newStack(newApp(), "Consumer", "eu-west-1"), infra.EndpointProps{Authorization: &infra.AuthorizationOptions{Issuer: jsii.String(issuer)}})
	message := synthtest.Failure(t, func() {
		endpoint.AddBehavior(jsii.String("Pages"), &infra.BehaviorProps{PathPattern: jsii.String("/pages/*"), Handler: infra.GoHandler("./testdata/handler"), PageCache: cache})
	})
	if !strings.Contains(message, "cached pages would be for everyone") {
		t.Errorf("got %q of a behavior with the endpoint's authorization, want the same error", message)
	}
}

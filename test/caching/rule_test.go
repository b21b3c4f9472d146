// Package caching holds the rule of cached pages against what infra defines and
// what the local edge forwards: whatever of a request reaches the handler is in
// the cache key, so that no viewer gets a page made for another.
package caching

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestMain(m *testing.M) { synthtest.Main(m) }

// A request is what a viewer sends, by the names of its parts.
type request struct{ headers, cookies, queries map[string]string }

func newRequest() request {
	return request{
		headers: map[string]string{
			"Host": "www.example.com", "Authorization": "Bearer 1", "Theme": "1", "Other": "1", "User-Agent": "1", "Accept": "1", "Accept-Language": "1", "Referer": "1",
			"Accept-Encoding": "gzip", "Origin": "https://1.example.com", "X-Original-Host": "1", "X-Original-Authorization": "1", "X-Forwarded-Host": "1", "X-Forwarded-Proto": "1",
		},
		cookies: map[string]string{"theme": "1", "authorization": "1", "other": "1"},
		queries: map[string]string{"theme": "1", "authorization": "1", "other": "1"},
	}
}

// parts returns the maps of a request by the kind of what is in them.
func (r request) parts() map[string]map[string]string {
	return map[string]map[string]string{"header": r.headers, "cookie": r.cookies, "query string": r.queries}
}

// A reached is what of a request reaches the handler, and the key that it has.
type reached struct {
	header     http.Header
	query, key string
}

// always differs from request to request.
var always = []string{"Via", "X-Amz-Cf-Id"}

// A front is a distribution with one behavior, and what its origin got last.
type front struct {
	distribution *cloudfront.Distribution
	last         reached
}

func newFront(t *testing.T, behavior cloudfront.Behavior) *front {
	t.Helper()
	f := new(front)
	origin := roundTripper(func(r *http.Request) (*http.Response, error) {
		f.last.header, f.last.query = r.Header.Clone(), r.URL.RawQuery
		for _, name := range always {
			f.last.header.Del(name)
		}
		return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody}, nil
	})
	behavior.TargetOriginID, behavior.ViewerProtocolPolicy = "origin", "allow-all"
	var err error
	f.distribution, err = cloudfront.New(cloudfront.Config{
		ID: "E1", Default: behavior, Origins: map[string]cloudfront.Origin{"origin": {ID: "origin", DomainName: "url.example.com", Transport: origin}},
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// send sends a request, and returns what reaches the handler.
func (f *front) send(t *testing.T, r request) reached {
	t.Helper()
	sent := httptest.NewRequest(http.MethodGet, "/page?"+pairs(r.queries, "&"), nil)
	for name, value := range r.headers {
		sent.Header.Set(name, value)
	}
	sent.Host = r.headers["Host"]
	sent.Header.Del("Host")
	sent.Header.Set("Cookie", pairs(r.cookies, "; "))
	happened := new(trace.Trace)
	f.last = reached{}
	f.distribution.ServeHTTP(httptest.NewRecorder(), sent.WithContext(trace.NewContext(sent.Context(), happened)))
	if f.last.header == nil {
		t.Fatal("the origin got no request")
	}
	f.last.key = happened.Summary().CacheKey
	return f.last
}

func pairs(of map[string]string, separator string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, name+"="+of[name])
	}
	return strings.Join(all, separator)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// leaks returns which parts of a request reach the handler of a behavior and
// aren't in the key.
func leaks(t *testing.T, behavior cloudfront.Behavior) (found []string) {
	t.Helper()
	front := newFront(t, behavior)
	one := front.send(t, newRequest())
	for kind, names := range newRequest().parts() {
		for name := range names {
			changed := newRequest()
			changed.parts()[kind][name] += "2"
			other := front.send(t, changed)
			if one.key == other.key && (one.query != other.query || !reflect.DeepEqual(one.header, other.header)) {
				found = append(found, kind+" "+name)
			}
		}
	}
	return found
}

// combinations returns props with all combinations of values of their fields.
func combinations(t *testing.T) []infra.PageCacheProps {
	t.Helper()
	all := []infra.PageCacheProps{{}}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[infra.PageCacheProps]()) {
		var values []any
		switch field.Type {
		case reflect.TypeFor[*[]*string]():
			values = []any{jsii.Strings("theme"), jsii.Strings("theme", "authorization")}
		case reflect.TypeFor[awscdk.Duration]():
			values = []any{awscdk.Duration_Seconds(jsii.Number(60))}
		default:
			t.Fatalf("PageCacheProps have %s of type %s: give this test values for it", field.Name, field.Type)
		}
		for _, props := range slices.Clone(all) {
			for _, value := range values {
				reflect.ValueOf(&props).Elem().FieldByIndex(field.Index).Set(reflect.ValueOf(value))
				all = append(all, props)
			}
		}
	}
	return all
}

// behaviors synthesizes a behavior for each of the props.
func behaviors(t *testing.T, all []infra.PageCacheProps) []cloudfront.Behavior {
	t.Helper()
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false)})
	stack := awscdk.NewStack(app, jsii.String("Pages"), nil)
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(), Handler: jsii.String("index.handler"), Code: awslambda.Code_FromInline(jsii.String("//")),
	})})
	streaming := &infra.StreamingBehaviorProps{Origin: origin.Origin, OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function, BodyHashing: infra.BodyHashing_VIEWER}
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: infra.StreamingBehavior(stack, streaming)})
	for i, props := range all {
		cached := *streaming
		cached.CachePolicy = infra.NewPageCache(stack, jsii.String(fmt.Sprint("Cache", i)), &props).CachePolicy
		infra.AddStreamingBehavior(distribution, jsii.String(fmt.Sprintf("/%d/*", i)), &cached)
	}
	template := synthtest.Templates(app)["Pages"]
	function, err := cffunction.New(cffunction.Config{Code: template.Only(t, "AWS::CloudFront::Function").Properties["FunctionCode"].(string)}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	made := make([]cloudfront.Behavior, len(all))
	for i, behavior := range synthtest.At(t, template.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "CacheBehaviors").([]any) {
		if synthtest.At(t, behavior, "OriginRequestPolicyId") != nil || synthtest.At(t, behavior, "Compress") != false {
			t.Fatalf("got %v, want neither an origin request policy nor compression", behavior)
		}
		policy := synthtest.At(t, template, "Resources", synthtest.At(t, behavior, "CachePolicyId", "Ref"), "Properties", "CachePolicyConfig")
		forwarded := synthtest.At(t, policy, "ParametersInCacheKeyAndForwardedToOrigin")
		made[i] = cloudfront.Behavior{ViewerRequest: function, CachePolicy: cloudfront.CachePolicy{
			MaxTTL:  time.Duration(synthtest.At(t, policy, "MaxTTL").(float64)) * time.Second,
			Headers: selection(t, forwarded, "Header"), Cookies: selection(t, forwarded, "Cookie"), QueryStrings: selection(t, forwarded, "QueryString"),
		}}
		if synthtest.At(t, policy, "MinTTL") != 0.0 {
			t.Errorf("got %v, want no minimum: it would cache what is private", policy)
		}
	}
	return made
}

// selection reads what a cache policy selects of a kind.
func selection(t *testing.T, forwarded any, kind string) cloudfront.Selection {
	t.Helper()
	config := synthtest.At(t, forwarded, kind+"sConfig").(map[string]any)
	selected := cloudfront.Selection{Behavior: config[kind+"Behavior"].(string)}
	names, _ := config[kind+"s"].([]any)
	for _, name := range names {
		selected.Names = append(selected.Names, name.(string))
	}
	return selected
}

func TestPageCache_has_in_its_key_what_it_forwards(t *testing.T) {
	all := combinations(t)
	if len(all) < 100 {
		t.Fatalf("got %d combinations, want those of all fields", len(all))
	}
	checked := map[string]bool{}
	for i, behavior := range behaviors(t, all) {
		wantParts(t, all[i], behavior)
		p := behavior.CachePolicy
		if same := fmt.Sprint(p.Headers, p.Cookies, p.QueryStrings); !checked[same] {
			checked[same] = true
			if found := leaks(t, behavior); len(found) > 0 {
				t.Errorf("%+v: one viewer's %v reaches the page of another", p, found)
			}
		}
		if i%16 == 0 {
			wantLeakForEachHeader(t, behavior)
		}
	}
}

// wantParts fails unless exactly what the props name reaches the handler, with what
// original_host keeps of the viewer.
func wantParts(t *testing.T, props infra.PageCacheProps, behavior cloudfront.Behavior) {
	t.Helper()
	got := newFront(t, behavior).send(t, newRequest())
	names := func(list *[]*string, name string) bool {
		return list != nil && slices.ContainsFunc(*list, func(given *string) bool { return *given == name })
	}
	want := map[string]bool{
		"X-Original-Host": true, "X-Forwarded-Host": true,
		"X-Original-Authorization": names(props.Headers, "authorization"), "Authorization": false,
		"Theme":  names(props.Headers, "theme"),
		"Cookie": props.Cookies != nil && len(*props.Cookies) > 0,
		"Other":  false, "Accept-Encoding": false, "Origin": false, "X-Forwarded-Proto": false,
	}
	for name, forwarded := range want {
		if _, ok := got.header[name]; ok != forwarded {
			t.Errorf("%+v: %s reaches the handler: %v, want %v", behavior.CachePolicy, name, ok, forwarded)
		}
	}
	if got.header.Get("X-Original-Host") != "www.example.com" || strings.Contains(got.header.Get("Cookie"), "other") || strings.Contains(got.key, "Bearer 1") {
		t.Errorf("got %v with key %q, want the viewer's host, named cookies, and no secret in the key", got.header, got.key)
	}
	if all := strings.Contains(got.query, "other"); all != (props.QueryStrings == nil) {
		t.Errorf("got query %q, want all only by default", got.query)
	}
}

// wantLeakForEachHeader fails unless each header of the key is missed when it is
// taken out and forwarded all the same.
func wantLeakForEachHeader(t *testing.T, behavior cloudfront.Behavior) {
	t.Helper()
	for i, name := range behavior.CachePolicy.Headers.Names {
		without := behavior
		without.CachePolicy.Headers.Names = slices.Delete(slices.Clone(behavior.CachePolicy.Headers.Names), i, i+1)
		without.OriginRequestPolicy = &cloudfront.OriginRequestPolicy{
			Headers: cloudfront.Selection{Behavior: "whitelist", Names: []string{name}},
			Cookies: cloudfront.Selection{Behavior: "none"}, QueryStrings: cloudfront.Selection{Behavior: "none"},
		}
		// The copies of Host are in the key twice: without one, the other holds.
		if strings.HasSuffix(name, "-host") {
			without.CachePolicy.Headers.Names = slices.DeleteFunc(without.CachePolicy.Headers.Names, func(name string) bool { return strings.HasSuffix(name, "-host") })
			if len(without.CachePolicy.Headers.Names) == 0 {
				without.CachePolicy.Headers.Behavior = "none"
			}
		}
		if found := leaks(t, without); len(found) == 0 {
			t.Errorf("%+v: got no leak without %s in the key", behavior.CachePolicy, name)
		}
	}
}

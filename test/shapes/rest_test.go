package shapes

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// restEvent is what rest.js returns of its event.
type restEvent struct {
	Resource, Path, HTTPMethod, Body string
	PathParameters, StageVariables   map[string]string
	RequestContext                   struct{ Stage, Path, DomainName string }
}

// restAPI returns the local name of the REST API with a construct id.
func (e *edge) restAPI(t *testing.T, id string) string {
	t.Helper()
	i := slices.IndexFunc(e.Parts, func(p build.Part) bool { return p.Kind == "REST API" && strings.HasSuffix(p.Path, "/"+id) })
	if i < 0 {
		t.Fatalf("no part is the REST API %s", id)
	}
	return e.Parts[i].Hosts[0]
}

func TestREST_APIs_of_the_CDK_reach_the_handler(t *testing.T) {
	e := serve(t, shape("Rest"))
	proxy, spec := e.restAPI(t, "Proxy"), e.restAPI(t, "Spec")
	for name, test := range map[string]struct{ host, path, resource, whole string }{
		"through CloudFront": {"www.localhost", "/a%2Fb?q=1", "/{proxy+}", "/prod/a%2Fb"},
		"at its own name":    {proxy, "/prod/a%2Fb", "/{proxy+}", "/prod/a%2Fb"},
		"the root":           {proxy, "/prod/", "/", "/prod/"},
		"in OpenAPI":         {spec, "/prod/a%2Fb", "/{proxy+}", "/prod/a%2Fb"},
	} {
		got := e.send(t, http.MethodPut, test.path, "größer", "Host", test.host, "Content-Type", "text/plain")
		if got.status != http.StatusCreated {
			t.Fatalf("%s: got %d %s, want 201", name, got.status, got.body)
		}
		event := read[restEvent](t, got)
		if event.Resource != test.resource || event.RequestContext.Path != test.whole || event.RequestContext.Stage != "prod" || event.Body != "größer" {
			t.Errorf("%s: got %+v", name, event)
		}
		if test.host != spec && event.StageVariables["color"] != "red" {
			t.Errorf("%s: got stage variables %v", name, event.StageVariables)
		}
		if cookies := got.header.Values("Set-Cookie"); !slices.Equal(cookies, []string{"a=1", "b=2"}) || got.header.Get("X-Amzn-Remapped-Www-Authenticate") != "Basic" {
			t.Errorf("%s: got %v", name, got.header)
		}
	}
	if got := e.get(t, "/pixel", "Host", "www.localhost", "Accept", "image/avif,image/*"); got.body != "GIF87a" {
		t.Errorf("got %q, want a picture", got.body)
	}
	got := e.send(t, http.MethodOptions, "/prod/a", "", "Host", proxy, "Origin", "https://app.example.com", "Access-Control-Request-Method", "PUT")
	if got.status != http.StatusNoContent || got.header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(got.header.Get("Access-Control-Allow-Methods"), "PUT") {
		t.Errorf("a preflight request: got %d %v", got.status, got.header)
	}
}

func TestREST_API_streams_and_asks_for_signatures_and_keys(t *testing.T) {
	e := serve(t, shape("Rest"))
	tree := e.restAPI(t, "Tree")
	if got := e.get(t, "/v1/stream", "Host", tree); got.body != "one\ntwo\nthree\n" || !slices.Equal(got.header.Values("Set-Cookie"), []string{"a=1", "b=2"}) {
		t.Errorf("got %v %q, want three lines", got.header, got.body)
	}
	for name, test := range map[string]struct {
		method, path string
		header       []string
		status       int
		body         string
	}{
		"a key":       {"GET", "/v1/jobs", []string{"X-Api-Key", "a-key-of-more-than-twenty-characters"}, 201, `"resource":"/jobs"`},
		"no key":      {"GET", "/v1/jobs", nil, 403, `{"message":"Forbidden"}`},
		"unsigned":    {"PUT", "/v1/jobs/1", nil, 403, `{"message":"Missing Authentication Token"}`},
		"no resource": {"GET", "/v1/other", nil, 403, `{"message":"Missing Authentication Token"}`},
		"no stage":    {"GET", "/jobs", nil, 403, `{"message":"Forbidden"}`},
	} {
		if got := e.send(t, test.method, test.path, "", append(test.header, "Host", tree)...); got.status != test.status || !strings.Contains(got.body, test.body) {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
	request, err := http.NewRequest(http.MethodPut, "http://"+tree+"/v1/jobs/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	keys := sigv4.Credentials{AccessKeyID: "AKIALOCL111122223333", SecretAccessKey: build.SecretAccessKey}
	sigv4.Sign(request, sigv4.EmptyPayloadHash, keys, "execute-api", "eu-west-1", time.Now())
	got := e.send(t, http.MethodPut, "/v1/jobs/1", "", "Host", tree, "Authorization", request.Header.Get("Authorization"), "X-Amz-Date", request.Header.Get("X-Amz-Date"))
	if event := read[restEvent](t, got); got.status != http.StatusCreated || event.PathParameters["job"] != "1" {
		t.Errorf("signed: got %d %s", got.status, got.body)
	}
	if !strings.Contains(e.log.String(), "is served without MethodSettings[0].ThrottlingRateLimit") {
		t.Error("the log doesn't say that nothing is throttled")
	}
}

package cloudfront

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// traced sends a request through a distribution and returns its trace.
func traced(t *testing.T, config Config, method, target, body string) trace.View {
	t.Helper()
	d, _ := mustNew(t, config)
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	tr := trace.NewLog(1).Begin(r)
	tr.ServedBy("App/Distribution")
	w, r := tr.Record(httptest.NewRecorder(), r)
	d.ServeHTTP(w, r)
	tr.End(false)
	return tr.View()
}

// originWith is an origin that responds with a status, and has an error page.
func originWith(status int) originFunc {
	return func(r *http.Request) (*http.Response, error) {
		if _, err := (&seen{}).RoundTrip(r); err != nil {
			return nil, err
		}
		if r.URL.Path == "/lost.html" {
			return answer(http.StatusOK, "lost"), nil
		}
		return answer(status, "hello", "X-App", "1"), nil
	}
}

// told returns the names and outcomes of stages.
func told(v trace.View) (stages []string) {
	for _, s := range v.Stages {
		stages = append(stages, s.Way+" "+s.Name+" "+s.Outcome)
	}
	return stages
}

// stageNamed returns one of the stages.
func stageNamed(t *testing.T, v trace.View, name string) *trace.Stage {
	t.Helper()
	for _, s := range v.Stages {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no stage %s among %q", name, told(v))
	return nil
}

func wantStages(t *testing.T, v trace.View, want ...string) {
	t.Helper()
	if got := told(v); !slices.Equal(got, want) {
		t.Errorf("got stages\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDistribution_records_the_stages_of_a_request(t *testing.T) {
	config := testConfig(originWith(http.StatusOK))
	config.edit(func(o *Origin, b *Behavior) {
		o.OAC = &OAC{SigningBehavior: signAlways, SigningProtocol: "sigv4", OriginType: originLambda, Region: "eu-west-1"}
		b.ViewerRequest = viewerFunction(t, "event.request.headers['x-original-host'] = {value: 'kept'}; event.request.uri = '/b'; return event.request")
		b.ViewerResponse = viewerFunction(t, "event.response.headers['x-app'] = {value: '2'}; return event.response")
		b.Edge = atOrigin(func(event map[string]any) (any, error) { return requestOf(event), nil })
		b.Paths = map[EventType]string{ViewerRequest: "App/Host", ViewerResponse: "App/Out", OriginRequest: "App/Hasher"}
	})
	v := traced(t, config, "POST", "/a?x=1", "body")
	wantStages(t, v, "in connection passed", "in behavior passed", "in viewer-request passed", "in cache key and forwarding passed",
		"in origin-request passed", "in origin settings passed", "in origin access control passed", "in origin passed",
		"out viewer-response passed", "in stream passed")
	s := stageNamed(t, v, "viewer-request")
	if got := fmt.Sprint(s.Part, s.Property, s.Changes); !strings.Contains(got, "App/HostDefaultCacheBehavior") || !strings.Contains(got, "{path  replaced /a /b }") || !strings.Contains(got, "{header X-Original-Host added  kept }") {
		t.Errorf("viewer-request: %s", got)
	}
	if got := fmt.Sprint(stageNamed(t, v, "cache key and forwarding").Changes); !strings.Contains(got, "{host  replaced example.com "+testDomain+" }") {
		t.Errorf("forwarding: %s", got)
	}
	oac := stageNamed(t, v, "origin access control")
	if got := fmt.Sprint(oac.Facts); !strings.Contains(got, "POST\n/b\nx=1\nhost:"+testDomain) || !strings.Contains(got, "[string to sign AWS4-HMAC-SHA256\n") {
		t.Errorf("origin access control: %s", got)
	}
	if got := fmt.Sprint(stageNamed(t, v, "viewer-response")); !strings.Contains(got, "App/Out") || !strings.Contains(got, "{header X-App replaced 1 2 }") {
		t.Errorf("viewer-response: %s", got)
	}
	if v.Failed != "" || v.Part != "App/Distribution" {
		t.Errorf("got %+v", v.Summary)
	}
}

// Stages must keep what they changed, not copies of all headers.
func TestDistribution_records_stages_in_little_memory(t *testing.T) {
	d, _ := mustNew(t, testConfig(originWith(http.StatusOK)))
	log := trace.NewLog(300)
	for range 300 {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		for i := range 30 {
			r.Header.Set(fmt.Sprint("X-Header-", i), strings.Repeat("x", 20))
		}
		tr := log.Begin(r)
		w, r := tr.Record(httptest.NewRecorder(), r)
		d.ServeHTTP(w, r)
		tr.End(false)
	}
	heap := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	kept := heap()
	list, _ := log.Since(0)
	log.Clear()
	if each := (kept - heap()) / 300; len(list) != 300 || each > 16<<10 {
		t.Errorf("each of %d traces takes %d bytes", len(list), each)
	}
}

func TestDistribution_records_where_a_request_ended(t *testing.T) {
	refused := testConfig(&seen{})
	refused.Default.AllowedMethods = nil
	v := traced(t, refused, "POST", "/", "x")
	wantStages(t, v, "in connection passed", "in behavior passed", "in methods refused")
	if v.Failed != "methods" || v.Failure.Stage != 2 || !strings.Contains(v.Failure.Hint, "AllowedMethods_ALLOW_ALL") {
		t.Errorf("got %s, %+v", v.Failed, v.Failure)
	}

	redirected := testConfig(&seen{})
	redirected.PlainHTTP = true
	v = traced(t, redirected, "GET", "/", "")
	wantStages(t, v, "in connection passed", "in behavior passed", "in viewer protocol answered", "in stream passed")
	if v.Failed != "" {
		t.Errorf("a redirect failed at %s", v.Failed)
	}

	rejected := testConfig(&seen{})
	rejected.Default.Edge = atOrigin(func(map[string]any) (any, error) {
		return map[string]any{"status": "413", "body": `{"error":{"message":"The body is too large.","hint":"Send its hash."}}`}, nil
	})
	v = traced(t, rejected, "POST", "/", "x")
	if s := stageNamed(t, v, "origin-request"); s.Outcome != trace.Answered || v.Failed != "origin-request" ||
		v.Failure.Cause != "hasher at origin-request responded with 413: The body is too large" || v.Failure.Hint != "Send its hash" {
		t.Errorf("got %s, %s, %+v", s.Outcome, v.Failed, v.Failure)
	}
}

func TestDistribution_records_the_request_of_an_error_page(t *testing.T) {
	config := testConfig(originWith(http.StatusNotFound))
	config.CustomErrorResponses = []CustomErrorResponse{{ErrorCode: 404, ResponseCode: 200, ResponsePagePath: "/lost.html"}}
	v := traced(t, config, "GET", "/", "")
	wantStages(t, v, "in connection passed", "in behavior passed", "in cache key and forwarding passed", "in origin settings passed", "in origin passed",
		"out custom error response passed", "in cache key and forwarding passed", "in origin settings passed", "in origin passed", "in stream passed")
}

package cloudfront

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

func requestOf(cf map[string]any) map[string]any { return cf["request"].(map[string]any) }

func headersOf(message map[string]any) map[string]any { return message["headers"].(map[string]any) }

func pairs(key, value string) []any { return []any{map[string]any{"key": key, "value": value}} }

func TestLambdaEdge_gets_the_event_that_AWS_documents(t *testing.T) {
	var event map[string]any
	config := testConfig(&seen{})
	config.edit(func(o *Origin, b *Behavior) {
		o.Path = "/stage"
		o.ResponseCompletionTimeout = time.Minute
		b.OriginRequestPolicy.AddsCloudFront = false
		o.CustomHeaders = []Header{{"X-Secret", "s"}}
		b.Edge = atOrigin(func(cf map[string]any) (any, error) {
			event = cf
			return requestOf(cf), nil
		})
	})
	d, _ := mustNew(t, config)
	resp := ask(t, d, "POST", "/a%20b?x=1", "hi", "User-Agent", "curl/8", "Cookie", "a=1", "X-Two", "1", "X-Two", "2", "X-Amz-Cf-Id", "no", "X-Accel-Charset", "no")
	want := map[string]any{
		"config": map[string]any{
			"distributionDomainName": "d111111abcdef8.cloudfront.net", "distributionId": testID,
			"eventType": "origin-request", "requestId": resp.Header.Get("X-Amz-Cf-Id"),
		},
		"request": map[string]any{
			"body":     map[string]any{"action": "read-only", "data": "aGk=", "encoding": "base64", "inputTruncated": false},
			"clientIp": "192.0.2.1", "method": "POST", "uri": "/a%20b", "querystring": "x=1",
			"headers": map[string]any{
				"host":            pairs("Host", testDomain),
				"user-agent":      pairs("User-Agent", "curl/8"),
				"cookie":          pairs("Cookie", "a=1"),
				"content-length":  pairs("Content-Length", "2"),
				"x-two":           []any{map[string]any{"key": "X-Two", "value": "1"}, map[string]any{"key": "X-Two", "value": "2"}},
				"x-forwarded-for": pairs("X-Forwarded-For", "192.0.2.1"),
				"via":             pairs("Via", "1.1 "+viaHost(testID)+" (CloudFront)"),
			},
			"origin": map[string]any{"custom": map[string]any{
				"customHeaders": map[string]any{"x-secret": pairs("X-Secret", "s")},
				"domainName":    testDomain, "keepaliveTimeout": 5.0, "path": "/stage", "port": 443.0,
				"protocol": "https", "readTimeout": 30.0, "responseCompletionTimeout": 60.0, "sslProtocols": []any{"TLSv1.2"},
			}},
		},
	}
	if diff := cmp.Diff(want, event); diff != "" {
		t.Error(diff)
	}
}

func TestLambdaEdge_changes_what_the_origin_gets(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) {
		r := requestOf(cf)
		r["uri"], r["querystring"] = "/changed", "y=2"
		headersOf(r)["x-amz-content-sha256"] = pairs("X-Amz-Content-Sha256", "abc")
		headersOf(r)["x-no-key"] = []any{map[string]any{"value": "v"}}
		delete(headersOf(r), "x-gone")
		return r, nil
	})
	d, _ := mustNew(t, config)
	ask(t, d, "POST", "/?x=1", "body", "X-Gone", "g", "X-Accel-Charset", "hidden")
	got := origin.request
	if got.URL.RequestURI() != "/changed?y=2" || got.Header.Get("X-Amz-Content-Sha256") != "abc" || got.Header.Get("X-No-Key") != "v" {
		t.Errorf("the origin got %s %v", got.URL, got.Header)
	}
	if got.Header.Get("X-Gone") != "" || got.Header.Get("X-Accel-Charset") != "hidden" {
		t.Errorf("deleted or hidden headers are wrong: %v", got.Header)
	}
	if string(origin.body) != "body" {
		t.Errorf("the origin got the body %q", origin.body)
	}
}

func TestLambdaEdge_body_is_cut_and_the_origin_gets_all_of_it(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		name    string
		event   EventType
		size    int
		chunked bool
		shown   int
		cut     bool
	}{
		{"empty", OriginRequest, 0, false, 0, false},
		{"1 B", OriginRequest, 1, false, 1, false},
		{"1 MB - 1", OriginRequest, mb - 1, false, mb - 1, false},
		{"1 MB", OriginRequest, mb, false, mb, false},
		{"1 MB + 1", OriginRequest, mb + 1, false, mb, true},
		{"3 MB chunked", OriginRequest, 3 * mb, true, mb, true},
		{"chunked", OriginRequest, 10, true, 10, false},
		{"40 KB", ViewerRequest, 40 << 10, false, 40 << 10, false},
		{"40 KB + 1", ViewerRequest, 40<<10 + 1, false, 40 << 10, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			sent := bytes.Repeat([]byte{0, 0xff, 'a'}, c.size/3+1)[:c.size]
			origin := &seen{}
			config := testConfig(origin)
			config.Default.Edge = map[EventType]EdgeAssociation{c.event: {IncludeBody: true, Function: edgeFunc(func(cf map[string]any) (any, error) {
				b := requestOf(cf)["body"].(map[string]any)
				data, err := base64.StdEncoding.DecodeString(b["data"].(string))
				if err != nil || !bytes.Equal(data, sent[:c.shown]) {
					t.Errorf("the function saw %d bytes, want %d: %v", len(data), c.shown, err)
				}
				if b["inputTruncated"] != c.cut {
					t.Errorf("inputTruncated is %v", b["inputTruncated"])
				}
				return requestOf(cf), nil
			}).invoke}}
			d, _ := mustNew(t, config)
			r := httptest.NewRequest("POST", "/", bytes.NewReader(sent))
			if c.chunked {
				r.ContentLength = -1
			}
			d.ServeHTTP(httptest.NewRecorder(), r)
			if !bytes.Equal(origin.body, sent) {
				t.Errorf("the origin got %d bytes, want %d", len(origin.body), c.size)
			}
			if want := r.ContentLength; origin.request.ContentLength != want {
				t.Errorf("the origin was told %d bytes, want %d", origin.request.ContentLength, want)
			}
		})
	}
}

func TestLambdaEdge_generates_a_response(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.Edge = atOrigin(func(map[string]any) (any, error) {
		return map[string]any{"status": "413", "statusDescription": "Too Large", "bodyEncoding": "base64", "body": "AP8=",
			"headers": map[string]any{"content-type": pairs("Content-Type", "application/json"), "set-cookie": []any{
				map[string]any{"value": "a=1"}, map[string]any{"value": "b=2"}}}}, nil
	})
	d, _ := mustNew(t, config)
	e := new(trace.Trace)
	r, w := newRequest("POST", "/")
	d.ServeHTTP(w, r.WithContext(trace.NewContext(t.Context(), e)))
	if got := e.Summary().Cause; !strings.Contains(got, "at origin-request responded with 413") {
		t.Errorf("the trace knows %q, want who responded", got)
	}
	resp := ask(t, d, "POST", "/", "x")
	if body := read(t, resp); resp.StatusCode != 413 || body != "\x00\xff" || resp.ContentLength != 2 {
		t.Errorf("%d %q %d", resp.StatusCode, body, resp.ContentLength)
	}
	for name, want := range map[string]string{"X-Cache": "LambdaGeneratedResponse from cloudfront", "Server": "CloudFront", "Content-Type": "application/json"} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if got := resp.Header.Values("Set-Cookie"); len(got) != 2 {
		t.Errorf("Set-Cookie: %q", got)
	}
	if origin.count != 0 {
		t.Error("the origin was asked")
	}
}

func TestLambdaEdge_exceptions_and_garbage(t *testing.T) {
	for name, c := range map[string]struct {
		data   string
		err    error
		status int
		xCache string
	}{
		"exception": {"", errors.New("Task timed out after 5.00 seconds"), 503, "LambdaExecutionError from cloudfront"},
		"no JSON":   {"{", nil, 502, "LambdaValidationError from cloudfront"},
		"nothing":   {"", nil, 502, "LambdaValidationError from cloudfront"},
	} {
		config := testConfig(&seen{})
		config.Default.Edge = map[EventType]EdgeAssociation{ViewerRequest: {Function: responding([]byte(c.data), c.err)}}
		d, log := mustNew(t, config)
		resp := ask(t, d, "GET", "/", "")
		if resp.StatusCode != c.status || resp.Header.Get("X-Cache") != c.xCache {
			t.Errorf("%s: %d %s", name, resp.StatusCode, resp.Header.Get("X-Cache"))
		}
		if c.err != nil && !strings.Contains(log.String(), c.err.Error()) {
			t.Errorf("%s: the log hides the cause: %s", name, log)
		}
	}
}

func TestLambdaEdge_keeps_bytes_that_are_no_UTF8(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) {
		name := headersOf(requestOf(cf))["x-name"].([]any)[0].(map[string]any)["value"]
		if name != "caf\u00e9" {
			t.Errorf("the function saw %q", name)
		}
		return requestOf(cf), nil
	})
	d, _ := mustNew(t, config)
	ask(t, d, "GET", "/", "", "X-Name", "caf\xe9", "If-None-Match", "\"\xe9\"")
	if got := origin.request.Header.Get("X-Name"); got != "caf\xe9" {
		t.Errorf("the origin got %q", got)
	}
	if got := origin.request.Header.Get("If-None-Match"); got != "\"\xe9\"" {
		t.Errorf("the origin got %q", got)
	}
}

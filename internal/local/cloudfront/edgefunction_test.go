package cloudfront

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func requestOf(cf map[string]any) map[string]any { return cf["request"].(map[string]any) }

func headersOf(message map[string]any) map[string]any { return message["headers"].(map[string]any) }

func pairs(key, value string) []any { return []any{map[string]any{"key": key, "value": value}} }

func TestLambdaEdge_gets_the_event_that_AWS_documents(t *testing.T) {
	var event map[string]any
	config := testConfig(&seen{})
	config.edit(func(o *Origin, b *Behavior) {
		o.Path = "/stage"
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
				"protocol": "https", "readTimeout": 30.0, "sslProtocols": []any{"TLSv1.2"},
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
			})}}
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

func TestLambdaEdge_replaces_the_body(t *testing.T) {
	big := strings.Repeat("b", 1<<20+5)
	for _, c := range []struct{ encoding, data, want string }{
		{"text", "new", "new"},
		{"", "plain", "plain"},
		{"base64", "AP8=", "\x00\xff"},
		{"base64", "", ""},
		{"text", big, big[:1<<20]},
	} {
		origin := &seen{}
		config := testConfig(origin)
		config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) {
			r := requestOf(cf)
			r["body"] = map[string]any{"action": "replace", "encoding": c.encoding, "data": c.data}
			return r, nil
		})
		d, log := mustNew(t, config)
		ask(t, d, "PUT", "/", "the viewer's")
		if string(origin.body) != c.want || origin.request.ContentLength != int64(len(c.want)) {
			t.Errorf("%q: the origin got %d bytes, declared %d", c.encoding, len(origin.body), origin.request.ContentLength)
		}
		if cut := len(c.data) > 1<<20; cut != strings.Contains(log.String(), "cut off") {
			t.Errorf("the log says: %s", log)
		}
	}
}

func TestLambdaEdge_generates_an_answer(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.Edge = atOrigin(func(map[string]any) (any, error) {
		return map[string]any{"status": "413", "statusDescription": "Too Large", "bodyEncoding": "base64", "body": "AP8=",
			"headers": map[string]any{"content-type": pairs("Content-Type", "application/json"), "set-cookie": []any{
				map[string]any{"value": "a=1"}, map[string]any{"value": "b=2"}}}}, nil
	})
	d, _ := mustNew(t, config)
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

func TestLambdaEdge_results_that_CloudFront_does_not_take(t *testing.T) {
	change := func(f func(r, headers map[string]any)) edgeFunc {
		return func(cf map[string]any) (any, error) {
			f(requestOf(cf), headersOf(requestOf(cf)))
			return requestOf(cf), nil
		}
	}
	answerWith := func(m map[string]any) edgeFunc { return func(map[string]any) (any, error) { return m, nil } }
	header := func(lower, key string) edgeFunc {
		return change(func(_, h map[string]any) { h[lower] = pairs(key, "x") })
	}
	for name, c := range map[string]struct {
		f     edgeFunc
		event EventType
	}{
		"null":                    {func(map[string]any) (any, error) { return nil, nil }, OriginRequest},
		"a string":                {func(map[string]any) (any, error) { return "ok", nil }, OriginRequest},
		"a list":                  {func(map[string]any) (any, error) { return []int{1}, nil }, OriginRequest},
		"an empty object":         {answerWith(map[string]any{}), OriginRequest},
		"adds connection":         {header("connection", "Connection"), OriginRequest},
		"adds x-amz-cf-anything":  {header("x-amz-cf-anything", "X-Amz-Cf-Anything"), OriginRequest},
		"adds x-edge-anything":    {header("x-edge-anything", "X-Edge-Anything"), OriginRequest},
		"adds x-forwarded-proto":  {header("x-forwarded-proto", "X-Forwarded-Proto"), ViewerRequest},
		"adds x-amzn-requestid":   {header("x-amzn-requestid", "X-Amzn-RequestId"), OriginRequest},
		"changes via":             {header("via", "Via"), OriginRequest},
		"changes content-length":  {header("content-length", "Content-Length"), OriginRequest},
		"changes accept-encoding": {header("accept-encoding", "Accept-Encoding"), OriginRequest},
		"deletes accept-encoding": {change(func(_, h map[string]any) { delete(h, "accept-encoding") }), OriginRequest},
		"changes host":            {header("host", "Host"), ViewerRequest},
		"adds viewer-country":     {header("cloudfront-viewer-country", "CloudFront-Viewer-Country"), ViewerRequest},
		"key of another header":   {header("x-a", "X-B"), OriginRequest},
		"upper-case name":         {header("X-A", "X-A"), OriginRequest},
		"no header name":          {header("x a", "x a"), OriginRequest},
		"headers of strings":      {change(func(r, _ map[string]any) { r["headers"] = map[string]any{"a": "b"} }), OriginRequest},
		"newline in a value":      {change(func(_, h map[string]any) { h["x-a"] = pairs("X-A", "a\r\nb") }), OriginRequest},
		"no uri":                  {change(func(r, _ map[string]any) { delete(r, "uri") }), OriginRequest},
		"relative uri":            {change(func(r, _ map[string]any) { r["uri"] = "a" }), OriginRequest},
		"space in uri":            {change(func(r, _ map[string]any) { r["uri"] = "/a b" }), OriginRequest},
		"query in uri":            {change(func(r, _ map[string]any) { r["uri"] = "/a?b" }), OriginRequest},
		"fragment in query":       {change(func(r, _ map[string]any) { r["querystring"] = "a#b" }), OriginRequest},
		"long uri":                {change(func(r, _ map[string]any) { r["uri"] = "/" + strings.Repeat("a", 8191) }), OriginRequest},
		"another method":          {change(func(r, _ map[string]any) { r["method"] = "PUT" }), OriginRequest},
		"unknown body action":     {change(func(r, _ map[string]any) { r["body"] = map[string]any{"action": "drop"} }), OriginRequest},
		"unknown body encoding": {change(func(r, _ map[string]any) {
			r["body"] = map[string]any{"action": "replace", "encoding": "hex", "data": ""}
		}), OriginRequest},
		"body that is no base64": {change(func(r, _ map[string]any) {
			r["body"] = map[string]any{"action": "replace", "encoding": "base64", "data": "%"}
		}), OriginRequest},
		"unreachable origin":          {change(func(r, _ map[string]any) { custom(r)["domainName"] = "other.example.com" }), OriginRequest},
		"origin with a port of 22":    {change(func(r, _ map[string]any) { custom(r)["port"] = 22 }), OriginRequest},
		"origin path without a slash": {change(func(r, _ map[string]any) { custom(r)["path"] = "a" }), OriginRequest},
		"origin without kind":         {change(func(r, _ map[string]any) { r["origin"] = map[string]any{} }), OriginRequest},
		"status 100":                  {answerWith(map[string]any{"status": "100"}), OriginRequest},
		"status of words":             {answerWith(map[string]any{"status": "OK"}), OriginRequest},
		"answer over 1 MB":            {answerWith(map[string]any{"status": "200", "body": strings.Repeat("a", 1<<20)}), OriginRequest},
		"answer over 40 KB":           {answerWith(map[string]any{"status": "200", "body": strings.Repeat("a", 40<<10)}), ViewerRequest},
		"answer with content-length":  {answerWith(map[string]any{"status": "200", "headers": map[string]any{"content-length": pairs("Content-Length", "1")}}), OriginRequest},
		"204 with a body":             {answerWith(map[string]any{"status": "204", "body": "x"}), ViewerRequest},
		"answer of no base64":         {answerWith(map[string]any{"status": "200", "body": "%", "bodyEncoding": "base64"}), OriginRequest},
		"answer with an object":       {answerWith(map[string]any{"status": "200", "body": map[string]any{}}), OriginRequest},
	} {
		t.Run(name, func(t *testing.T) {
			origin := &seen{}
			config := testConfig(origin)
			config.Default.Edge = map[EventType]EdgeAssociation{c.event: {Function: c.f}}
			d, log := mustNew(t, config)
			resp := ask(t, d, "POST", "/", "x", "Accept-Encoding", "gzip")
			if resp.StatusCode != http.StatusBadGateway || resp.Header.Get("X-Cache") != "LambdaValidationError from cloudfront" {
				t.Errorf("%d %s", resp.StatusCode, resp.Header.Get("X-Cache"))
			}
			if origin.count != 0 || !strings.Contains(log.String(), "cause=") {
				t.Errorf("asked %d times, log: %s", origin.count, log)
			}
		})
	}
}

func custom(r map[string]any) map[string]any {
	return r["origin"].(map[string]any)["custom"].(map[string]any)
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
		config.Default.Edge = map[EventType]EdgeAssociation{ViewerRequest: {Function: rawFunc(func() ([]byte, error) { return []byte(c.data), c.err })}}
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

type rawFunc func() ([]byte, error)

func (f rawFunc) Invoke(context.Context, []byte) ([]byte, error) { return f() }

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

// FuzzEdgeEvent holds that a function that changes nothing changes nothing.
func FuzzEdgeEvent(f *testing.F) {
	f.Add("/a%20b", "x=1&y", "X-A", "b", []byte("body"))
	f.Add("/", "%zz=\xff", "Cookie", "\xe9", []byte{0, 255})
	f.Add("/%2F..", "#", "X-Edge-A", "", []byte{})
	d, err := New(testConfig(&seen{}), slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, uri, query, name, value string, sent []byte) {
		if !strings.HasPrefix(uri, "/") || toUTF8(uri) != uri || !validToken(name) || !validValue(value) {
			return
		}
		name = http.CanonicalHeaderKey(name)
		v := &visit{origin: d.origins["url"]}
		before := request{method: "POST", uri: uri, query: query, header: http.Header{name: {value, "2"}, "Host": {"h"}}}
		event, err := d.newEdgeEvent(v, OriginRequest, before, &edgeBody{Action: "read-only", Data: sent, Encoding: "base64"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var e struct {
			Records []struct {
				CF struct{ Request json.RawMessage }
			}
		}
		if err := json.Unmarshal(event, &e); err != nil {
			t.Fatal(err)
		}
		result, err := parseEdgeResult(e.Records[0].CF.Request)
		if err != nil {
			t.Fatal(err)
		}
		after := before
		if _, replaced, err := result.applyTo(&after, OriginRequest); err != nil || replaced {
			t.Fatalf("%v %v", replaced, err)
		}
		if diff := cmp.Diff(before, after, cmp.AllowUnexported(request{}, body{})); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzEdgeResult holds that no result of a function can do harm.
func FuzzEdgeResult(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"status":"200","body":"x"}`, `{"status":204,"headers":{"a":[{"value":"b"}]}}`,
		`{"uri":"/","headers":{"host":[{"key":"Host","value":"h"}]},"body":{"action":"replace","encoding":"base64","data":"AA=="}}`,
		`{"uri":"/x","headers":{},"origin":{"s3":{"domainName":"b.s3.amazonaws.com","path":""}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, event := range []EventType{ViewerRequest, OriginRequest, OriginResponse, ViewerResponse} {
			config := testConfig(&seen{})
			config.Default.Edge = map[EventType]EdgeAssociation{event: {Function: rawFunc(func() ([]byte, error) { return data, nil })}}
			d, err := New(config, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			resp := ask(t, d, "POST", "/", "body")
			if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode < 200 || resp.StatusCode > 599 {
				t.Fatalf("%s: %d %v", event, resp.StatusCode, err)
			}
			for name, values := range resp.Header {
				if !validToken(name) || !validValue(strings.Join(values, "")) {
					t.Fatalf("%s: header %q: %q", event, name, values)
				}
			}
		}
	})
}

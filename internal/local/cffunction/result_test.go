package cffunction

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestViewerRequest_rejects_invalid_answers_with_502(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"", "the handler returned undefined"},
		{"return null", "the handler returned null"},
		{"return 'text'", `the handler returned the string "text"`},
		{"return event", "the handler returned the whole event (return event.request"},
		{"return {}", "request: the URI must begin with a slash"},
		{"r.method = 'POST'; return r", `request.method is read-only, and changes from GET to "POST"`},
		{"r.uri = 'x'; return r", "request: the URI must begin with a slash"},
		{"r.uri = 1; return r", "request.uri must be a string, and is 1"},
		{"r.uri = '/' + 'x'.repeat(8192); return r", "must have less than 8192"},
		{"r.querystring = 1; return r", "request.querystring must be an object"},
		{"r.querystring = 'a=b c'; return r", "has a space or a control character"},
		{"r.querystring.a = {value: 'b c'}; return r", "has a space or a control character"},
		{"r.querystring.a = {value: '#'}; return r", "has a ? or # within"},
		{"r.headers.host = {value: 'other'}; return r", "request.headers: it added, changed or deleted the header host, which is read-only (leave it as it is)"},
		{"delete r.headers.via; return r", "the header via, which is read-only"},
		{"r.headers['content-length'] = {value: '1'}; return r", "the header content-length, which is read-only"},
		{"r.headers['transfer-encoding'] = {value: 'chunked'}; return r", "the header transfer-encoding, which is read-only"},
		{"r.headers['cdn-loop'] = {value: 'x'}; return r", "the header cdn-loop, which is read-only"},
		{"r.headers['x-forwarded-proto'] = {value: 'https'}; return r", "added the header x-forwarded-proto"},
		{"r.headers['x-amz-cf-any'] = {value: '1'}; return r", "added the header x-amz-cf-any"},
		{"r.headers['X-A'] = {value: '1'}; return r", "must have header names in lower case"},
		{"r.headers['x a'] = {value: '1'}; return r", `"x a" isn't a header name`},
		{"r.headers['x-a'] = '1'; return r", `request.headers["x-a"] must be an object with a value, and is the string "1"`},
		{"r.headers['x-a'] = {value: 1}; return r", `request.headers["x-a"].value must be a string, and is 1`},
		{"r.headers['x-a'] = {value: 'a\\r\\nb: c'}; return r", "has a control character"},
		{"r.headers['x-a'] = {value: 'a', multiValue: {}}; return r", "multiValue must be an array"},
		{"r.headers['x-a'] = {value: 'a', multiValue: ['b']}; return r", "multiValue[0] must be an object"},
		{"r.headers.cookie = {value: 'a=b'}; return r", "use request.cookies"},
		{"return {statusCode: '200'}", `response.statusCode must be an integer, and is the string "200"`},
		{"return {statusCode: 200.5}", "response.statusCode must be an integer, and is 200.5"},
		{"return {statusCode: 99}", "response.statusCode is 99"},
		{"return {statusCode: 600}", "response.statusCode is 600"},
		{"return {statusCode: undefined}", "response.statusCode must be an integer, and is undefined"},
		{"return {statusCode: 200, headers: {'Location': {value: '/'}}}", "response.headers must have header names in lower case"},
		{"return {statusCode: 200, headers: {via: {value: 'x'}}}", "response.headers: it added, changed or deleted the header via"},
		{"return {statusCode: 200, headers: {'set-cookie': {value: 'a=b'}}}", "use response.cookies"},
		{"return {statusCode: 200, body: 1}", "response.body must be a string or an object, and is 1"},
		{"return {statusCode: 200, body: {encoding: 'gzip', data: ''}}", `response.body: the encoding is "gzip"`},
		{"return {statusCode: 200, body: {encoding: 'text'}}", "response.body.data must be a string"},
		{"return {statusCode: 200, body: {encoding: 'base64', data: '*'}}", "response.body: the data is not valid base64"},
	} {
		_, err := compile(t, "\n"+handler("const r = event.request; "+c.body)).ViewerRequest(t.Context(), request())
		var e *Error
		if !errors.As(err, &e) || e.Code != ValidationError || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.body, err, c.want)
		} else if e.Line != 2 || e.Column != 1 || e.Hint == "" {
			t.Errorf("%s: got %d:%d with hint %q, want 2:1 with a hint", c.body, e.Line, e.Column, e.Hint)
		}
	}
}

// changed is the request after a handler with this body.
func changed(t *testing.T, body string) *Request {
	t.Helper()
	result, err := compile(t, handler("const r = event.request, h = r.headers, q = r.querystring, c = r.cookies; "+body+"; return r")).ViewerRequest(t.Context(), request())
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return result.Request
}

func TestViewerRequest_gives_back_what_was_not_changed(t *testing.T) {
	if diff := cmp.Diff(request(), changed(t, "")); diff != "" {
		t.Error(diff)
	}
}

func TestViewerRequest_applies_changes_of_headers(t *testing.T) {
	for _, c := range []struct {
		body string
		want []string
	}{
		{"h.accept.value = 'first'", []string{"first", "text/html"}},
		{"h.accept.multiValue[1].value = 'second'", []string{"application/json", "second"}},
		{"h.accept.value = 'ignored'; h.accept.multiValue[1].value = 'second'", []string{"application/json", "second"}},
		{"h.accept.multiValue.push({value: 'third'})", []string{"application/json", "text/html", "third"}},
		{"h.accept.multiValue = []", nil},
		{"h.accept = {value: 'only'}", []string{"only"}},
		{"delete h.accept", nil},
	} {
		if diff := cmp.Diff(c.want, changed(t, c.body).Header["Accept"]); diff != "" {
			t.Errorf("%s: %s", c.body, diff)
		}
	}
	got := changed(t, "h['example-header-name'] = {value: 'v'}; h.empty = {value: ''}").Header
	if got.Get("Example-Header-Name") != "v" || len(got["Empty"]) != 1 || got.Get("X-Amz-Cf-Id") != "hidden" {
		t.Errorf("got %v, want new headers, and hidden ones left in place", got)
	}
}

func TestViewerRequest_applies_changes_of_query_cookies_and_uri(t *testing.T) {
	if got, want := changed(t, "q.ID = {value: '43'}; delete q.e; q.__proto__ = q.new = {value: ''}").RawQuery, "ID=43&NoValue&querymv=val1&querymv=val2,val3&new="; got != want {
		t.Errorf("query %q, want %q", got, want)
	}
	if got := changed(t, "r.querystring = {}").RawQuery; got != "" {
		t.Errorf("query %q, want none", got)
	}
	if got, want := changed(t, "c.Cookie1.value = 'x'; c.n = {value: 'm'}").Header["Cookie"], "Cookie1=x; cookiemv=value3; cookiemv=value4; n=m"; len(got) != 1 || got[0] != want {
		t.Errorf("cookies %q, want %q", got, want)
	}
	if got := changed(t, "r.cookies = {}").Header["Cookie"]; got != nil {
		t.Errorf("cookies %q, want none", got)
	}
	if got, want := changed(t, "r.uri += '?a b#'").URI, "/media/index.mpd%3Fa%20b%23"; got != want {
		t.Errorf("uri %q, want %q", got, want)
	}
}

func TestRawQueryString_tells_no_query_from_an_empty_one(t *testing.T) {
	f := compile(t, handler("return {statusCode: 200, body: String(event.request.rawQueryString())}"))
	for _, c := range []struct {
		query string
		force bool
		want  string
	}{{"a=%20&a", false, "a=%20&a"}, {"", true, ""}, {"", false, "undefined"}} {
		r := request()
		r.RawQuery, r.ForceQuery = c.query, c.force
		if got := answer(t, f, r); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestViewerRequest_shows_ISO_8859_1_as_UTF_8_and_sends_on_what_came(t *testing.T) {
	r := request()
	r.Header.Set("X-Latin", "caf\xe9")
	f := compile(t, handler("const h = event.request.headers; h['x-seen'] = {value: h['x-latin'].value}; return event.request"))
	result, err := f.ViewerRequest(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Request.Header; got.Get("X-Latin") != "caf\xe9" || got.Get("X-Seen") != "café" {
		t.Errorf("got %q and %q", got.Get("X-Latin"), got.Get("X-Seen"))
	}
}

func TestViewerRequest_returns_generated_responses(t *testing.T) {
	f := compile(t, handler(`return {statusCode: 302, statusDescription: 'Found', headers: {location: {value: '/new'}},
		cookies: {a: {value: '1', attributes: 'Secure'}, b: {value: '', multiValue: [{value: '2'}, {value: '3', attributes: 'Path=/'}]}},
		body: {encoding: 'base64', data: 'AP8='}}`))
	result, err := f.ViewerRequest(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	want := &Response{StatusCode: 302, StatusDescription: "Found", Body: []byte{0, 255}, HasBody: true, Header: http.Header{
		"Location": {"/new"}, "Set-Cookie": {"a=1; Secure", "b=2", "b=3; Path=/"}}}
	if diff := cmp.Diff(want, result.Response); diff != "" {
		t.Error(diff)
	}
}

func TestViewerResponse_applies_changes(t *testing.T) {
	f := compile(t, handler(`const r = event.response; r.statusCode = 201; r.headers['x-new'] = {value: 'v'}; delete r.headers['content-type'];
		r.cookies.ID.value = 'x'; delete r.cookies.c; r.body = {encoding: 'text', data: ''}; return r`))
	got, err := f.ViewerResponse(t.Context(), request(), response())
	if err != nil {
		t.Fatal(err)
	}
	want := &Response{StatusCode: 201, StatusDescription: "OK", Body: []byte{}, HasBody: true, Header: http.Header{
		"X-New": {"v"}, "Via": {"1.1 origin"}, "Set-Cookie": {"ID=x; Secure; Path=/"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestViewerResponse_rejects_read_only_headers_and_missing_answers(t *testing.T) {
	for body, want := range map[string]string{
		"event.response.headers.via = {value: 'x'}; return event.response":        "the header via, which is read-only",
		"event.response.headers.warning = {value: 'x'}; return event.response":    "the header warning, which is read-only",
		"event.response.headers['x-cache'] = {value: 'x'}; return event.response": "added the header x-cache",
		"return event.request": "response.statusCode must be an integer",
		"":                     "the handler returned undefined, and must return an object (return event.response)",
	} {
		_, err := compile(t, handler(body)).ViewerResponse(t.Context(), request(), response())
		if e := (*Error)(nil); !errors.As(err, &e) || e.Code != ValidationError || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", body, err, want)
		}
	}
}

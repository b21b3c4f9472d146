package functionurl

import (
	"net/http"
	"testing"
)

// The first four are the examples of the documentation.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
func TestURL_infers_buffered_responses(t *testing.T) {
	tests := []struct {
		name, payload string
		status        int
		contentType   string
		body          string
	}{
		{"string", `"Hello, world!"`, 200, "application/json", `"Hello, world!"`},
		{"object", `{"message": "Hello, world!"}`, 200, "application/json", `{"message": "Hello, world!"}`},
		{"custom", `{"statusCode":201,"headers":{"Content-Type":"text/html"},"body":"<b>"}`, 201, "text/html", "<b>"},
		{"base64", `{"statusCode":200,"isBase64Encoded":true,"body":"AP8="}`, 200, "application/json", "\x00\xff"},
		{"null", `null`, 200, "application/json", "null"},
		{"number", ` 7 `, 200, "application/json", "7"},
		{"array", `[1]`, 200, "application/json", "[1]"},
		{"no body", `{"statusCode":204}`, 204, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, log := newURL(t, buffers(test.payload), func(c *Config) { c.InvokeMode = "" })
			resp, body := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
			if resp.StatusCode != test.status || body != test.body || resp.Header.Get("Content-Type") != test.contentType || resp.ContentLength != int64(len(test.body)) {
				t.Errorf("got %d %q %v, log %s", resp.StatusCode, body, resp.Header, log)
			}
		})
	}
}

func TestURL_sets_cookies_of_buffered_responses(t *testing.T) {
	u, _ := newURL(t, buffers(`{"statusCode":200,"cookies":["a=1; Max-Age=5","b=2"],"headers":{"Content-Length":"1","content-encoding":"gzip"},"body":"xyz"}`), func(c *Config) { c.InvokeMode = InvokeModeBuffered })
	resp, body := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
	if got := resp.Header["Set-Cookie"]; len(got) != 2 || got[0] != "a=1; Max-Age=5" || resp.Header.Get("Content-Length") != "3" || resp.Header.Get("Content-Encoding") != "gzip" || body != "xyz" {
		t.Errorf("headers %v, body %q", resp.Header, body)
	}
}

func TestURL_responds_HEAD_of_buffered_responses_without_the_body(t *testing.T) {
	u, _ := newURL(t, buffers(`"Hello"`), func(c *Config) { c.InvokeMode = InvokeModeBuffered })
	resp, body := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodHead, "/", ""), ""))
	if resp.ContentLength != 7 || body != "" {
		t.Errorf("length %d, body %q", resp.ContentLength, body)
	}
}

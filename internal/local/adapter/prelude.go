package adapter

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A prelude is the head of a streamed response.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
type prelude struct {
	StatusCode int            `json:"statusCode"`
	Headers    map[string]any `json:"headers"`
	Cookies    []string       `json:"cookies"`
}

// newPrelude returns the head of the app's response. A repeated header is an
// array, and a value that isn't ASCII is dropped.
//
// Seen: 1.0.0-rc1.
func newPrelude(res *http.Response) prelude {
	headers := responseHeader(res)
	p := prelude{StatusCode: res.StatusCode, Headers: make(map[string]any, len(headers)+1), Cookies: []string{}}
	for _, cookie := range takeCookies(headers) {
		p.Cookies = append(p.Cookies, toUTF8([]byte(cookie)))
	}
	for name, values := range headers {
		if len(values) == 1 && isVisible(values[0]) {
			p.Headers[name] = values[0]
		} else {
			p.Headers[name] = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !isVisible(v) })
		}
	}
	if _, ok := p.Headers["content-type"]; !ok {
		p.Headers["content-type"] = "application/octet-stream"
	}
	return p
}

// responseHeader returns the headers of a response by their names in lower case,
// with those that net/http takes out: Trailer, and "Connection: close". The latter
// is assumed for responses without a length.
func responseHeader(res *http.Response) map[string][]string {
	headers := make(map[string][]string, len(res.Header)+1)
	for name, values := range res.Header {
		headers[strings.ToLower(name)] = values
	}
	if len(res.Trailer) > 0 {
		headers["trailer"] = []string{strings.Join(slices.Sorted(maps.Keys(res.Trailer)), ", ")}
	}
	if res.Close && res.ProtoAtLeast(1, 1) && headers["connection"] == nil {
		headers["connection"] = []string{"close"}
	}
	return headers
}

// takeCookies removes the cookies from the headers and returns them.
func takeCookies(headers map[string][]string) []string {
	values := headers["set-cookie"]
	delete(headers, "set-cookie")
	return values
}

// isVisible reports whether a value has visible ASCII, spaces and tabs only.
func isVisible(value string) bool {
	for i := range len(value) {
		if c := value[i]; (c < ' ' && c != '\t') || c >= 0x7f {
			return false
		}
	}
	return true
}

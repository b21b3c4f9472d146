package adapter

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"unicode/utf8"
)

// A document is a buffered response in payload format 2.0, as the adapter
// writes it. Of a repeated header, the first value counts.
//
// Seen: 1.0.0-rc1.
type document struct {
	StatusCode        int               `json:"statusCode"`
	Headers           map[string]string `json:"headers"`
	MultiValueHeaders struct{}          `json:"multiValueHeaders"`
	Body              string            `json:"body"`
	IsBase64Encoded   bool              `json:"isBase64Encoded"`
	Cookies           []string          `json:"cookies"`
}

// buffer reads the app's whole response.
func (a *adapter) buffer(inv *invocation, req *http.Request, res *http.Response) ([]byte, error) {
	headers := responseHeader(res)
	data, err := io.ReadAll(res.Body)
	if err != nil {
		a.logBroken(req, err, "the invocation fails")
		return nil, brokenBody(res)
	}
	if a.compress {
		data = compress(req, res, headers, data)
	}
	d := document{StatusCode: res.StatusCode, Headers: map[string]string{}, Cookies: []string{}}
	for _, cookie := range takeCookies(headers) {
		if !isVisible(cookie) {
			cookie = ""
		}
		d.Cookies = append(d.Cookies, cookie)
	}
	for name, values := range headers {
		if !utf8.ValidString(values[0]) {
			return nil, fatalError{name}
		}
		d.Headers[name] = values[0]
	}
	if text, ok := decodeText(d.Headers, data); ok {
		d.Body = text
	} else {
		d.Body, d.IsBase64Encoded = base64.StdEncoding.EncodeToString(data), true
	}
	if !isRequest(inv.event) {
		return passedThrough(d), nil
	}
	return []byte(marshal(d)), nil
}

// isRequest reports whether an event was an HTTP request.
func isRequest(data []byte) bool {
	var e struct {
		RequestContext struct{ HTTP json.RawMessage }
	}
	return json.Unmarshal(data, &e) == nil && e.RequestContext.HTTP != nil
}

// passedThrough is the result of an event that isn't an HTTP request: the body, if
// it is JSON.
func passedThrough(d document) []byte {
	if d.IsBase64Encoded || !json.Valid([]byte(d.Body)) {
		return []byte("null")
	}
	return []byte(d.Body)
}

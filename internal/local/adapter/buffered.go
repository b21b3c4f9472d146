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
func (a *adapter) buffer(m message, req *http.Request, res *http.Response) ([]byte, error) {
	headers := responseHeader(res)
	data, err := io.ReadAll(res.Body)
	if err != nil {
		a.logBroken(req, err, "the invocation fails")
		return nil, brokenBody(res)
	}
	if a.compress {
		data = compress(req, res, headers, data)
	}
	d, err := newDocument(res.StatusCode, headers)
	if err != nil {
		return nil, err
	}
	if text, ok := decodeText(d.Headers, data); ok {
		d.Body = text
	} else {
		d.Body, d.IsBase64Encoded = base64.StdEncoding.EncodeToString(data), true
	}
	if m.context == nil {
		return passedThrough(d), nil
	}
	return []byte(marshal(d)), nil
}

// newDocument returns a document without a body. Cookies that aren't ASCII are
// lost.
func newDocument(status int, headers map[string][]string) (document, error) {
	d := document{StatusCode: status, Headers: make(map[string]string, len(headers)), Cookies: []string{}}
	for _, cookie := range takeCookies(headers) {
		if !isVisible(cookie) {
			cookie = ""
		}
		d.Cookies = append(d.Cookies, cookie)
	}
	for name, values := range headers {
		if !utf8.ValidString(values[0]) {
			return d, fatalError{name}
		}
		d.Headers[name] = values[0]
	}
	return d, nil
}

// passedThrough is the result of an event that isn't an HTTP request: the body, if
// it is JSON.
func passedThrough(d document) []byte {
	if d.IsBase64Encoded || !json.Valid([]byte(d.Body)) {
		return []byte("null")
	}
	return []byte(d.Body)
}

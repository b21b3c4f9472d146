package functionurl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"golang.org/x/net/http/httpguts"
)

// contentTypeIntegration marks a response that begins with a prelude.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
// Seen: on the wire of aws-lambda-go, with eight NUL bytes as the delimiter.
const contentTypeIntegration = "application/vnd.awslambda.http-integration-response"

var preludeDelimiter = make([]byte, 8)

// A prelude is the head of a response: status, headers and cookies.
type prelude struct {
	status  int
	headers http.Header
	cookies []string
}

func hasPrelude(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == contentTypeIntegration
}

// readPrelude reads up to the delimiter, and also returns what it read of the body
// behind it. More than limit bytes without a delimiter are an error.
func readPrelude(r io.Reader, limit int) (prelude, []byte, error) {
	buf := make([]byte, 0, 1024)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		searched := max(0, len(buf)-len(preludeDelimiter)+1)
		buf = buf[:len(buf)+n]
		if i := bytes.Index(buf[searched:], preludeDelimiter); i >= 0 && searched+i <= limit {
			i += searched
			p, err := parsePrelude(buf[:i])
			return p, buf[i+len(preludeDelimiter):], err
		}
		switch {
		case len(buf) > limit:
			return prelude{}, nil, fmt.Errorf("no eight NUL bytes after a JSON prelude in the first %d bytes, which begin %.60q", limit, buf)
		case err == io.EOF:
			return prelude{}, nil, fmt.Errorf("the response ended after %d bytes, before the eight NUL bytes that end its JSON prelude, and begins %.60q", len(buf), buf)
		case err != nil:
			return prelude{}, nil, err
		}
	}
}

// An envelope is a response as a function returns it in JSON: a prelude, or with
// its body a buffered response.
type envelope struct {
	StatusCode      *int                       `json:"statusCode"`
	Headers         map[string]json.RawMessage `json:"headers"`
	Cookies         []string                   `json:"cookies"`
	Body            string                     `json:"body"`
	IsBase64Encoded bool                       `json:"isBase64Encoded"`
}

func parsePrelude(data []byte) (prelude, error) {
	var e envelope
	if trimmed := bytes.TrimSpace(data); len(trimmed) == 0 || trimmed[0] != '{' {
		return prelude{}, fmt.Errorf("the prelude isn't a JSON object: %.60q", data)
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return prelude{}, fmt.Errorf("the prelude isn't an object of statusCode, headers and cookies: %w", err)
	}
	return e.prelude()
}

// prelude checks what a function returned. A missing status is 200.
func (e envelope) prelude() (prelude, error) {
	p := prelude{status: http.StatusOK, cookies: e.Cookies}
	if e.StatusCode != nil {
		p.status = *e.StatusCode
	}
	if p.status < 200 || p.status > 599 {
		return prelude{}, fmt.Errorf("statusCode %d is outside 200–599", p.status)
	}
	p.headers = make(http.Header, len(e.Headers))
	for name, raw := range e.Headers {
		values, err := headerValues(raw)
		if err != nil {
			return prelude{}, fmt.Errorf("the value of header %s %w", name, err)
		}
		if !httpguts.ValidHeaderFieldName(name) {
			return prelude{}, fmt.Errorf("invalid header name %q", name)
		}
		for _, value := range values {
			p.headers.Add(name, value)
		}
	}
	for _, cookie := range e.Cookies {
		if !httpguts.ValidHeaderFieldValue(cookie) {
			return prelude{}, errors.New("a cookie contains a control character")
		}
	}
	return p, nil
}

// headerValues returns the values of a header: one, or those of an array.
// Inferred: numbers and booleans count as their text, null as no header, and each
// value of an array, with which AWS's client for Rust writes a repeated header
// (aws-lambda-rust-runtime#692), is a header line.
func headerValues(raw json.RawMessage) ([]string, error) {
	var array []json.RawMessage
	if json.Unmarshal(raw, &array) != nil {
		array = []json.RawMessage{raw}
	}
	var values []string
	for _, item := range array {
		text := string(item)
		switch text[0] {
		case 'n': // null
			continue
		case '{', '[':
			return nil, fmt.Errorf("isn't a string: %.60s", text)
		case '"':
			if err := json.Unmarshal(item, &text); err != nil {
				return nil, err
			}
		}
		if !httpguts.ValidHeaderFieldValue(text) {
			return nil, fmt.Errorf("contains a control character: %.60q", text)
		}
		values = append(values, text)
	}
	return values, nil
}

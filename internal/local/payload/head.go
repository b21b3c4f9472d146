package payload

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"

	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// ContentTypeIntegration marks a response that begins with a prelude.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
// Seen: on the wire of aws-lambda-go, with eight NUL bytes as the delimiter.
const ContentTypeIntegration = "application/vnd.awslambda.http-integration-response"

var delimiter = make([]byte, 8)

// A Head is the head of a response: status, headers and cookies.
type Head struct {
	Status  int
	Header  http.Header
	Cookies []string
}

// HasPrelude reports whether a result begins with a prelude, by its content type.
func HasPrelude(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == ContentTypeIntegration
}

// IsStreamed reports whether a whole result begins with a prelude, so that it
// should have been streamed.
func IsStreamed(result []byte) bool {
	prelude, _, found := bytes.Cut(result, delimiter)
	return found && json.Valid(prelude)
}

// ReadPrelude reads up to the delimiter, and also returns what it read of the body
// behind it. More than limit bytes without a delimiter are an error.
func ReadPrelude(r io.Reader, limit int) (prelude, rest []byte, err error) {
	buf := make([]byte, 0, 4096) // a short response in one piece
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		searched := max(0, len(buf)-len(delimiter)+1)
		buf = buf[:len(buf)+n]
		if i := bytes.Index(buf[searched:], delimiter); i >= 0 && searched+i <= limit {
			i += searched
			return buf[:i], buf[i+len(delimiter):], nil
		}
		switch {
		case len(buf) > limit:
			return nil, nil, fmt.Errorf("no eight NUL bytes after a JSON prelude in the first %d bytes, which begin %.60q", limit, buf)
		case err == io.EOF:
			return nil, nil, fmt.Errorf("the response ended after %d bytes, before the eight NUL bytes that end its JSON prelude, and begins %.60q", len(buf), buf)
		case err != nil:
			return nil, nil, err
		}
	}
}

// NewHead checks what a function returned. A missing status is 200.
func NewHead(status *int, headers map[string]json.RawMessage, cookies []string) (Head, error) {
	h := Head{Status: http.StatusOK, Cookies: cookies}
	if status != nil {
		h.Status = *status
	}
	if h.Status < 200 || h.Status > 599 {
		return Head{}, fmt.Errorf("statusCode %d is outside 200–599", h.Status)
	}
	h.Header = make(http.Header, len(headers))
	for name, raw := range headers {
		values, err := headerValues(raw)
		if err != nil {
			return Head{}, fmt.Errorf("the value of header %s %w", name, err)
		}
		if !httpguts.ValidHeaderFieldName(name) {
			return Head{}, fmt.Errorf("invalid header name %q", name)
		}
		for _, value := range values {
			h.Header.Add(name, value)
		}
	}
	for _, cookie := range cookies {
		if !httpguts.ValidHeaderFieldValue(cookie) {
			return Head{}, errors.New("a cookie contains a control character")
		}
	}
	return h, nil
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

// ViewerHeader returns the headers as the viewer gets them: some are dropped, besides
// those that end at a proxy, and some renamed. contentType is the default.
func (h Head) ViewerHeader(dropped, remapped map[string]bool, contentType string) http.Header {
	header := make(http.Header, len(h.Header)+5)
	for name, values := range h.Header {
		switch {
		case dropped[name]:
		case remapped[name]:
			header["X-Amzn-Remapped-"+name] = values
		case !headers.HopByHop(name):
			header[name] = values
		}
	}
	if len(h.Cookies) > 0 {
		header["Set-Cookie"] = slices.Clone(h.Cookies)
	}
	if header["Content-Type"] == nil && exchange.BodyAllowed(h.Status) {
		header.Set("Content-Type", contentType)
	}
	return header
}

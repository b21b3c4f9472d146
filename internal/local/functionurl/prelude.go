package functionurl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// contentTypeIntegration marks an answer that begins with a prelude.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
// Seen: on the wire of aws-lambda-go, with eight NUL bytes as the delimiter.
const contentTypeIntegration = "application/vnd.awslambda.http-integration-response"

var preludeDelimiter = make([]byte, 8)

// A prelude is the head of an answer: all of a response but its body.
type prelude struct {
	status  int
	headers map[string]string
	cookies []string
}

func hasPrelude(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == contentTypeIntegration
}

// readPrelude reads up to the delimiter, and returns also what was read of the
// body behind it. More than limit bytes without a delimiter are an error.
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
			return prelude{}, nil, fmt.Errorf("the answer has no eight NUL bytes after a JSON prelude in its first %d bytes, it begins %.60q", limit, buf)
		case err == io.EOF:
			return prelude{}, nil, fmt.Errorf("the answer ended after %d bytes, before the eight NUL bytes that end its JSON prelude, it begins %.60q", len(buf), buf)
		case err != nil:
			return prelude{}, nil, err
		}
	}
}

func parsePrelude(data []byte) (prelude, error) {
	var raw struct {
		StatusCode *int                       `json:"statusCode"`
		Headers    map[string]json.RawMessage `json:"headers"`
		Cookies    []string                   `json:"cookies"`
	}
	if trimmed := bytes.TrimSpace(data); len(trimmed) == 0 || trimmed[0] != '{' {
		return prelude{}, fmt.Errorf("the prelude is not a JSON object: %.60q", data)
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return prelude{}, fmt.Errorf("the prelude is not an object of statusCode, headers and cookies: %w", err)
	}
	return newPrelude(raw.StatusCode, raw.Headers, raw.Cookies)
}

// newPrelude checks what a function gave. A missing status is 200.
// Inferred: numbers and booleans in headers count as their text, and null as
// no header.
func newPrelude(status *int, headers map[string]json.RawMessage, cookies []string) (prelude, error) {
	p := prelude{status: http.StatusOK, cookies: cookies}
	if status != nil {
		p.status = *status
	}
	if p.status < 200 || p.status > 599 {
		return prelude{}, fmt.Errorf("statusCode %d is none of 200 to 599", p.status)
	}
	p.headers = make(map[string]string, len(headers))
	for name, raw := range headers {
		if !validName(name) {
			return prelude{}, fmt.Errorf("%q is no name for a header", name)
		}
		text := string(raw)
		switch {
		case text == "null":
			continue
		case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
			return prelude{}, fmt.Errorf("the value of header %s is not a string: %.60s", name, text)
		case strings.HasPrefix(text, `"`):
			if err := json.Unmarshal(raw, &text); err != nil {
				return prelude{}, err
			}
		}
		if !validValue(text) {
			return prelude{}, fmt.Errorf("the value of header %s holds a control character: %.60q", name, text)
		}
		p.headers[name] = text
	}
	for _, cookie := range cookies {
		if !validValue(cookie) {
			return prelude{}, errors.New("a cookie holds a control character")
		}
	}
	return p, nil
}

// validName reports whether a header may have the name.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func validName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return name != ""
}

// validValue reports whether a header may have the value.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-5.5
func validValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; (c < ' ' && c != '\t') || c == 0x7f {
			return false
		}
	}
	return true
}

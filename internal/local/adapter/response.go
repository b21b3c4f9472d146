package adapter

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// A head is what both kinds of responses begin with.
type head struct {
	StatusCode int            `json:"statusCode"`
	Headers    map[string]any `json:"headers"`
	Cookies    []string       `json:"cookies,omitzero"`
}

// A document is a buffered response in payload format 2.0, or 1.0 without cookies, as
// the adapter writes it.
//
// Seen: 1.0.0-rc1.
type document struct {
	head
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
	Body              string              `json:"body"`
	IsBase64Encoded   bool                `json:"isBase64Encoded"`
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

// newHead returns the head of a response with its headers and cookies as the functions
// make them.
func newHead(res *http.Response, value func(values []string) any, cookie func(string) string) head {
	h := head{StatusCode: res.StatusCode, Headers: map[string]any{}, Cookies: []string{}}
	for name, values := range responseHeader(res) {
		if name != "set-cookie" {
			h.Headers[name] = value(values)
			continue
		}
		for _, text := range values {
			h.Cookies = append(h.Cookies, cookie(text))
		}
	}
	return h
}

// prelude returns the head of a streamed response. A repeated header is an array,
// and a value that isn't ASCII is dropped.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
// Seen: 1.0.0-rc1.
func prelude(res *http.Response) head {
	h := newHead(res, func(values []string) any {
		visible := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !isVisible(v) })
		if len(values) == 1 && len(visible) == 1 {
			return values[0]
		}
		return visible
	}, func(cookie string) string { return decode([]byte(cookie), "utf-8") })
	if _, ok := h.Headers["content-type"]; !ok {
		h.Headers["content-type"] = "application/octet-stream"
	}
	return h
}

// isVisible reports whether a value has visible ASCII, spaces and tabs only.
func isVisible(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f })
}

// buffer reads the app's whole response. For a function URL, the first value of a
// repeated header counts, and cookies that aren't ASCII are lost.
//
// Seen: 1.0.0-rc1.
func (a *adapter) buffer(req *http.Request, res *http.Response, rest bool) ([]byte, error) {
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, a.noResponse(req, err)
	}
	for name, values := range res.Header {
		if !utf8.ValidString(strings.Join(values, "")) && (rest || name != "Set-Cookie") {
			return nil, fmt.Errorf("the header %s of the app's response isn't UTF-8, with which AWS's adapter exits: let the app send ASCII", name)
		}
	}
	d := document{MultiValueHeaders: map[string][]string{}, head: newHead(res, func(values []string) any { return values[0] }, func(cookie string) string {
		if isVisible(cookie) {
			return cookie
		}
		return ""
	})}
	if rest {
		d.MultiValueHeaders, d.Headers, d.Cookies = responseHeader(res), map[string]any{}, nil
	}
	if isText(res.Header) {
		_, parameters, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
		d.Body = strings.TrimPrefix(decode(data, parameters["charset"]), "\uFEFF")
	} else {
		d.Body, d.IsBase64Encoded = base64.StdEncoding.EncodeToString(data), true
	}
	return []byte(marshal(d)), nil
}

// textTypes begin content types that are text; xml, yaml and json also end them.
//
// Seen: lambda_http 1.1.0-rc1.
var textTypes = []string{"text", "application/json", "application/javascript", "application/xml", "application/yaml"}

// isText reports whether the adapter takes a body for text: without a
// Content-Encoding, and of one of these types or of none.
//
// Seen: lambda_http 1.1.0-rc1.
func isText(header http.Header) bool {
	contentType := header.Get("Content-Type")
	mediaType, _, _ := strings.Cut(strings.TrimSpace(contentType), ";")
	return header["Content-Encoding"] == nil && (len(header["Content-Type"]) == 0 || header.Get("X-Lambda-Http-Content-Encoding") == "text" ||
		slices.ContainsFunc(textTypes, func(prefix string) bool { return strings.HasPrefix(contentType, prefix) }) ||
		slices.ContainsFunc([]string{"+xml", "+yaml", "+json"}, func(suffix string) bool { return strings.HasSuffix(mediaType, suffix) }))
}

// decode returns text of a character set as UTF-8, with what isn't valid replaced as
// the web does it. An unknown set is UTF-8.
//
// See: https://encoding.spec.whatwg.org/#names-and-labels
func decode(data []byte, charset string) string {
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		encoding = unicode.UTF8
	}
	decoded, _ := encoding.NewDecoder().Bytes(data) // it takes everything
	return string(decoded)
}

// A body is what the app sends after its header. When the app breaks off, the body
// ends as if complete.
type body struct {
	io.Reader
	broken func(error)
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && err != io.EOF {
		b.broken(err)
		err = io.EOF
	}
	return n, err
}

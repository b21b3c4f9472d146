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
)

// A head is what both kinds of responses begin with.
type head struct {
	StatusCode int            `json:"statusCode"`
	Headers    map[string]any `json:"headers"`
	Cookies    []string       `json:"cookies"`
}

// A document is a buffered response in payload format 2.0, as the adapter
// writes it.
//
// Seen: 1.0.0-rc1.
type document struct {
	head
	MultiValueHeaders struct{} `json:"multiValueHeaders"`
	Body              string   `json:"body"`
	IsBase64Encoded   bool     `json:"isBase64Encoded"`
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

// prelude returns the head of a streamed response. A repeated header is an array,
// and a value that isn't ASCII is dropped.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
// Seen: 1.0.0-rc1.
func prelude(res *http.Response) head {
	h := head{StatusCode: res.StatusCode, Headers: map[string]any{"content-type": "application/octet-stream"}, Cookies: []string{}}
	for name, values := range responseHeader(res) {
		visible := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !isVisible(v) })
		switch {
		case name == "set-cookie":
			for _, cookie := range values {
				h.Cookies = append(h.Cookies, decode([]byte(cookie), "utf-8"))
			}
		case len(values) == 1 && len(visible) == 1:
			h.Headers[name] = values[0]
		default:
			h.Headers[name] = visible
		}
	}
	return h
}

// isVisible reports whether a value has visible ASCII, spaces and tabs only.
func isVisible(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f })
}

// buffer reads the app's whole response. Of a repeated header, the first value
// counts. Cookies that aren't ASCII are lost.
//
// Seen: 1.0.0-rc1.
func (a *adapter) buffer(req *http.Request, res *http.Response) ([]byte, error) {
	headers := responseHeader(res)
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, a.noResponse(req, err, " to the end; the invocation fails")
	}
	d := document{head: head{StatusCode: res.StatusCode, Headers: map[string]any{}, Cookies: []string{}}}
	for name, values := range headers {
		switch {
		case name == "set-cookie":
			for _, cookie := range values {
				if !isVisible(cookie) {
					cookie = ""
				}
				d.Cookies = append(d.Cookies, cookie)
			}
		case !utf8.ValidString(values[0]):
			return nil, fmt.Errorf("the header %s of the app's response isn't UTF-8, with which AWS's adapter exits: let the app send ASCII", name)
		default:
			d.Headers[name] = values[0]
		}
	}
	if text, ok := decodeText(res.Header, headers["content-encoding"], data); ok {
		d.Body = text
	} else {
		d.Body, d.IsBase64Encoded = base64.StdEncoding.EncodeToString(data), true
	}
	return []byte(marshal(d)), nil
}

// textTypes begin content types that are text; xml, yaml and json also end them.
//
// Seen: lambda_http 1.1.0-rc1.
var textTypes = []string{"text", "application/json", "application/javascript", "application/xml", "application/yaml"}

// decodeText returns a body as UTF-8 if the adapter takes it for text: without a
// Content-Encoding, and of one of these types or of none.
//
// Seen: lambda_http 1.1.0-rc1.
func decodeText(header http.Header, contentEncoding []string, data []byte) (string, bool) {
	contentType := header.Get("Content-Type")
	mediaType, _, _ := strings.Cut(strings.TrimSpace(contentType), ";")
	isText := len(header["Content-Type"]) == 0 || header.Get("X-Lambda-Http-Content-Encoding") == "text" ||
		slices.ContainsFunc(textTypes, func(prefix string) bool { return strings.HasPrefix(contentType, prefix) }) ||
		slices.ContainsFunc([]string{"+xml", "+yaml", "+json"}, func(suffix string) bool { return strings.HasSuffix(mediaType, suffix) })
	if !isText || contentEncoding != nil {
		return "", false
	}
	_, parameters, _ := mime.ParseMediaType(contentType)
	return strings.TrimPrefix(decode(data, parameters["charset"]), "\uFEFF"), true
}

// decode returns text of a character set as UTF-8, with what isn't valid replaced as
// the web does it. An unknown set is UTF-8.
//
// See: https://encoding.spec.whatwg.org/#names-and-labels
func decode(data []byte, charset string) string {
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		encoding, _ = htmlindex.Get("utf-8")
	}
	decoded, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(decoded)
}

// brokenText is what the adapter sends when the app breaks off. It means to send
// trailers, but sends them as data, so the viewer gets them.
//
// Seen: 1.0.0-rc1, with lambda_runtime 1.1.0-rc1.
const brokenText = "Lambda-Runtime-Function-Error-Type: Runtime.StreamError\r\n" +
	"Lambda-Runtime-Function-Error-Body: ZXJyb3IgcmVhZGluZyBhIGJvZHkgZnJvbSBjb25uZWN0aW9u\r\n"

// A body is what the app sends after its header. When the app breaks off, the
// body ends as if complete, after a text about it.
type body struct {
	io.ReadCloser
	broken func(error)
	rest   io.Reader // what is read after the app broke off
}

func (b *body) Read(p []byte) (int, error) {
	if b.rest != nil {
		return b.rest.Read(p)
	}
	n, err := b.ReadCloser.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	b.broken(err)
	b.rest = strings.NewReader(brokenText)
	return n, nil
}

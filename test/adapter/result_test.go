package adapter

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A result is what the adapter sent for an event.
type result struct {
	kind   string // response or error
	header http.Header
	body   []byte
	err    error // of reading the body

	request *http.Request
	answer  chan int // the status to answer with, for begun
}

// failed is an error. Its words are the adapter's own.
const failed = "error unhandled"

// String returns what Lambda got, as the table has it.
func (r *result) String() string {
	var b strings.Builder
	switch {
	case r.kind == "error":
		var failure struct{ ErrorType, ErrorMessage string }
		if err := json.Unmarshal(r.body, &failure); err != nil || failure.ErrorType == "" || failure.ErrorMessage == "" {
			return fmt.Sprintf("%v: an error without a type or a message: %s", err, r.body)
		}
		fmt.Fprintf(&b, "error %s", r.header.Get("Lambda-Runtime-Function-Error-Type"))
	case r.header.Get("Content-Type") == "application/vnd.awslambda.http-integration-response":
		prelude, body, ok := bytes.Cut(r.body, make([]byte, 8))
		if !ok {
			return fmt.Sprintf("no prelude in %q", r.body)
		}
		b.WriteString(preludeText(prelude))
		b.Write(body)
	default:
		b.WriteString(documentText(r.body))
	}
	if r.err != nil {
		fmt.Fprintf(&b, "\n(the body broke off: %v)", r.err)
	}
	for name, values := range r.request.Trailer {
		if len(values) > 0 {
			fmt.Fprintf(&b, "\n(trailer %s: %q)", name, values)
		}
	}
	return b.String()
}

// preludeText returns a prelude as lines: the status, the headers in
// alphabetical order, and the cookies.
func preludeText(prelude []byte) string {
	var p struct {
		StatusCode int
		Headers    map[string]any
		Cookies    []string
	}
	if err := json.Unmarshal(prelude, &p); err != nil {
		return fmt.Sprintf("%v in %q", err, prelude)
	}
	var b strings.Builder
	fmt.Fprintln(&b, p.StatusCode)
	for _, name := range slices.Sorted(maps.Keys(p.Headers)) {
		fmt.Fprintf(&b, "%s: %v\n", name, p.Headers[name])
	}
	for _, cookie := range p.Cookies {
		fmt.Fprintf(&b, "(cookie) %s\n", cookie)
	}
	return b.String() + "\n"
}

// documentText returns a buffered response as JSON, with its fields in
// alphabetical order and what gzip compressed.
func documentText(document []byte) string {
	var v any
	if err := json.Unmarshal(document, &v); err != nil {
		return fmt.Sprintf("%v in %q", err, document)
	}
	fields, _ := v.(map[string]any)
	if headers, _ := fields["headers"].(map[string]any); headers["content-encoding"] == "gzip" {
		fields["body"] = "(gzip) " + gunzip(fields["body"].(string))
	}
	return marshal(v)
}

func gunzip(encoded string) string {
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(encoded)))
	if err != nil {
		return err.Error()
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func marshal(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

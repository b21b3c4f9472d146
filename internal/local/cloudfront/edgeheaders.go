package cloudfront

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// visible returns the headers as Lambda@Edge functions see them: in UTF-8,
// without the disallowed ones.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-encoding
func visible(header http.Header) http.Header {
	seen := make(http.Header, len(header))
	for name, values := range header {
		if headers.Disallowed(name) {
			continue
		}
		seen[name] = values
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) }) {
			converted := make([]string, len(values))
			for i, value := range values {
				converted[i] = headers.UTF8(value)
			}
			seen[name] = converted
		}
	}
	return seen
}

// withHidden returns the headers that a function returned: unchanged ones byte
// for byte as they were, together with those that it couldn't see.
func withHidden(returned, seen, original http.Header) http.Header {
	header := make(http.Header, len(original))
	for name, values := range returned {
		if slices.Equal(values, seen[name]) {
			values = original[name]
		}
		if len(values) > 0 {
			header[name] = values
		}
	}
	for name, values := range original {
		if _, shown := seen[name]; !shown {
			header[name] = values
		}
	}
	return header
}

// checkHeaders returns why CloudFront rejects the headers that a function
// returned at an event, given the ones it got.
func checkHeaders(event EventType, got, returned http.Header) error {
	for name, values := range returned {
		if err := checkHeader(name, values); err != nil {
			return err
		}
	}
	for _, name := range headers.ReadOnlyForLambda(string(event)) {
		if !slices.Equal(got[name], returned[name]) {
			return fmt.Errorf("it added, changed or deleted the header %s, which is read-only at %s", name, event)
		}
	}
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-cloudfront-headers
	const country = "Cloudfront-Viewer-Country"
	if event == ViewerRequest && !slices.Equal(got[country], returned[country]) {
		return fmt.Errorf("it set CloudFront-Viewer-Country, which functions can't set at %s", event)
	}
	return nil
}

// checkGeneratedHeaders returns why CloudFront rejects the headers of a response
// that a function generated at an event.
//
// Inferred: these headers are rejected because they are read-only in requests.
func checkGeneratedHeaders(event EventType, header http.Header) error {
	for name, values := range header {
		if err := checkHeader(name, values); err != nil {
			return err
		}
		switch name {
		case "Content-Length", "Transfer-Encoding", "Via":
			return fmt.Errorf("it set the header %s of the response it generated, which is read-only at %s", name, event)
		}
	}
	return nil
}

func checkHeader(name string, values []string) error {
	if headers.Disallowed(name) {
		return fmt.Errorf("it added the header %s, which edge functions can't add", name)
	}
	if !httpguts.ValidHeaderFieldName(name) {
		return fmt.Errorf("%q isn't a header name", name)
	}
	if slices.ContainsFunc(values, func(v string) bool { return !httpguts.ValidHeaderFieldValue(v) }) {
		return fmt.Errorf("the value of the header %s has an invalid character", name)
	}
	return nil
}

// changeURL sets path and query string to what a function returned. What it
// didn't change stays byte for byte.
func (r *request) changeURL(uri, query string) error {
	if query == headers.UTF8(r.query) {
		query = r.query
	}
	if uri == r.uri && query == r.query {
		return nil
	}
	if err := checkURI(uri, query); err != nil {
		return invalid(err.Error())
	}
	r.uri, r.query = uri, query
	return nil
}

// checkURI returns why CloudFront rejects a path and a query string that a
// function returned.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-query-strings
func checkURI(uri, query string) error {
	switch {
	case !strings.HasPrefix(uri, "/"):
		return fmt.Errorf("the URI %q doesn't start with a slash", uri)
	case len(uri)+len(query) >= maxURL:
		return fmt.Errorf("the URI and its query string have %d characters, and must have fewer than %d", len(uri)+len(query), maxURL)
	case strings.ContainsAny(uri, "?#") || strings.Contains(query, "#"):
		return fmt.Errorf("the URI or the query string has a ? or # within")
	case strings.ContainsFunc(uri+query, func(c rune) bool { return c <= ' ' || c == 0x7f }):
		return fmt.Errorf("the URI or the query string has a space or a control character")
	}
	return nil
}

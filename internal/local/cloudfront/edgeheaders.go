package cloudfront

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// disallowed are the headers that edge functions neither see nor may add. A
// trailing * stands for any rest.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-disallowed-headers
var disallowed = set([]string{
	"connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization",
	"proxy-connection", "trailer", "upgrade", "x-accel-buffering", "x-accel-charset",
	"x-accel-limit-rate", "x-accel-redirect", "x-amzn-auth", "x-amzn-cf-billing",
	"x-amzn-cf-id", "x-amzn-cf-xff", "x-amzn-errortype", "x-amzn-fle-profile",
	"x-amzn-header-count", "x-amzn-header-order", "x-amzn-lambda-integration-tag",
	"x-amzn-requestid", "x-cache", "x-forwarded-proto", "x-real-ip",
})

var disallowedPrefixes = []string{"x-amz-cf-", "x-edge-"}

// readOnly are the headers that a function may read, and not add, change or
// delete, by event.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-read-only-headers
// Seen: deleting one counts as changing it (serverless-express#369).
var readOnly = map[EventType][]string{
	ViewerRequest: {"Content-Length", "Host", "Transfer-Encoding", "Via"},
	OriginRequest: {
		"Accept-Encoding", "Content-Length", "If-Modified-Since", "If-None-Match", "If-Range",
		"If-Unmodified-Since", "Transfer-Encoding", "Via",
	},
	OriginResponse: {"Transfer-Encoding", "Via"},
	ViewerResponse: {"Warning", "Via"},
}

// disallowedHeader reports whether edge functions may not see or add the
// header. The name must be lower-case.
func disallowedHeader(lower string) bool {
	if disallowed[lower] {
		return true
	}
	for _, prefix := range disallowedPrefixes {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	return false
}

// checkHeaders returns what CloudFront has against the headers that a function
// returned at an event, given the ones it got.
func checkHeaders(event EventType, got, returned http.Header) error {
	for name, values := range returned {
		if err := checkHeader(name, values); err != nil {
			return err
		}
	}
	for _, name := range readOnly[event] {
		if !slices.Equal(got[name], returned[name]) {
			return fmt.Errorf("it added, changed or deleted the header %s, which is read-only at %s", name, event)
		}
	}
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-cloudfront-headers
	const country = "Cloudfront-Viewer-Country"
	if event == ViewerRequest && !slices.Equal(got[country], returned[country]) {
		return fmt.Errorf("it set CloudFront-Viewer-Country, which no function may set at %s", event)
	}
	return nil
}

// checkGeneratedHeaders returns what CloudFront has against the headers of an
// answer that a function made up at an event.
//
// Inferred: of the read-only headers of the request's event, those that an
// answer can have are refused.
func checkGeneratedHeaders(event EventType, header http.Header) error {
	for name, values := range header {
		if err := checkHeader(name, values); err != nil {
			return err
		}
		switch name {
		case "Content-Length", "Transfer-Encoding", "Via":
			return fmt.Errorf("it set the header %s of the answer it generated, which is read-only at %s", name, event)
		}
	}
	return nil
}

func checkHeader(name string, values []string) error {
	lower := strings.ToLower(name)
	if disallowedHeader(lower) {
		return fmt.Errorf("it added the header %s, which edge functions may not add", name)
	}
	if !validToken(name) {
		return fmt.Errorf("%q is no header name", name)
	}
	for _, value := range values {
		if !validValue(value) {
			return fmt.Errorf("the value of the header %s has a character that HTTP does not allow", name)
		}
	}
	return nil
}

// validToken reports whether s is a token, as header names are.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func validToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return s != ""
}

// validValue reports whether s can be the value of a header.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-5.5
func validValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

package headers

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// disallowed are the headers that edge functions don't see and can't add,
// besides those that begin with X-Amz-Cf- or X-Edge-.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-disallowed-headers
var disallowed = Set(
	"Connection", "Expect", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Proxy-Connection", "Trailer", "Upgrade", "X-Accel-Buffering", "X-Accel-Charset",
	"X-Accel-Limit-Rate", "X-Accel-Redirect", "X-Amzn-Auth", "X-Amzn-Cf-Billing",
	"X-Amzn-Cf-Id", "X-Amzn-Cf-Xff", "X-Amzn-Errortype", "X-Amzn-Fle-Profile",
	"X-Amzn-Header-Count", "X-Amzn-Header-Order", "X-Amzn-Lambda-Integration-Tag",
	"X-Amzn-Requestid", "X-Cache", "X-Forwarded-Proto", "X-Real-Ip",
)

// Disallowed reports whether edge functions can't see or add a header. The
// name may be in any case.
func Disallowed(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return disallowed[name] || strings.HasPrefix(name, "X-Amz-Cf-") || strings.HasPrefix(name, "X-Edge-")
}

// readOnly are the headers that edge functions can read, but not add, change or
// delete, by event.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-read-only-headers
// Seen: deleting one counts as changing it (serverless-express#369).
var readOnly = map[string][]string{
	"viewer-request": {"Cdn-Loop", "Content-Length", "Host", "Transfer-Encoding", "Via"},
	"origin-request": {
		"Accept-Encoding", "Cdn-Loop", "Content-Length", "If-Modified-Since", "If-None-Match",
		"If-Range", "If-Unmodified-Since", "Transfer-Encoding", "Via",
	},
	"origin-response": {"Transfer-Encoding", "Via"},
	"viewer-response": {"Warning", "Via"},
}

// ReadOnly returns the canonical names of the headers that an edge function
// can't add, change or delete at an event, such as viewer-request.
func ReadOnly(event string) []string { return readOnly[event] }

// ReadOnlyForLambda returns those that a Lambda@Edge function can't: at viewer
// events there are more.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-cloudfront-headers
func ReadOnlyForLambda(event string) []string {
	switch event {
	case "viewer-request":
		return append(slices.Clone(readOnly[event]), "Cloudfront-Viewer-Country")
	case "viewer-response":
		return []string{"Content-Encoding", "Content-Length", "Transfer-Encoding", "Warning", "Via"}
	}
	return readOnly[event]
}

// Visible returns the headers as edge functions see them: in UTF-8, without the
// disallowed ones.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-encoding
func Visible(header http.Header) http.Header {
	seen := make(http.Header, len(header))
	for name, values := range header {
		if Disallowed(name) {
			continue
		}
		seen[name] = values
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) }) {
			converted := make([]string, len(values))
			for i, value := range values {
				converted[i] = UTF8(value)
			}
			seen[name] = converted
		}
	}
	return seen
}

// Restore returns the headers that a function returned: unchanged ones byte for
// byte as they were, together with those that it couldn't see.
func Restore(returned, seen, original http.Header) http.Header {
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

// Check returns why CloudFront rejects the headers that a function returned, given
// those that it saw and those that are read-only.
func Check(returned, seen http.Header, readOnly []string) error {
	for name, values := range returned {
		if slices.Equal(values, seen[name]) {
			continue // as the viewer or the origin sent it
		}
		if err := CheckAdded(name, values); err != nil {
			return err
		}
	}
	for _, name := range readOnly {
		if !slices.Equal(returned[name], seen[name]) {
			return fault.New("leave it as it is", "it added, changed or deleted the header %s, which is read-only", strings.ToLower(name))
		}
	}
	return nil
}

// CheckAdded returns why CloudFront rejects a header that a function adds.
func CheckAdded(name string, values []string) error {
	if Disallowed(name) {
		return fault.New("leave it out", "it added the header %s, which edge functions can't add", strings.ToLower(name))
	}
	if !httpguts.ValidHeaderFieldName(name) {
		return fault.New("use letters, digits and hyphens", "%q isn't a header name", name)
	}
	if slices.ContainsFunc(values, func(v string) bool { return !httpguts.ValidHeaderFieldValue(v) }) {
		return fault.New("percent-encode it", "the value of the header %s has a control character", strings.ToLower(name))
	}
	return nil
}

// Package headers holds the rules for HTTP headers that several parts of the
// local edge share: what a proxy removes, and what CloudFront hides from edge
// functions or doesn't let them change.
package headers

import (
	"iter"
	"net/http"
	"strings"
	"unicode/utf8"
)

// hopByHop are the headers that end at a proxy.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
var hopByHop = Set(
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
)

// HopByHop reports whether a header, by its canonical name, ends at a proxy.
func HopByHop(name string) bool { return hopByHop[name] }

// RemoveConnection removes Connection and the headers that it names.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
func RemoveConnection(header http.Header) {
	for _, value := range header["Connection"] {
		for name := range strings.SplitSeq(value, ",") {
			if name = strings.TrimSpace(name); name != "" {
				header.Del(name)
			}
		}
	}
	header.Del("Connection")
}

// Cookies returns the cookies of all Cookie headers, one by one, as they are
// written.
func Cookies(values []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for cookie := range strings.SplitSeq(strings.Join(values, ";"), ";") {
			if cookie = strings.Trim(cookie, " \t"); cookie != "" && !yield(cookie) {
				return
			}
		}
	}
}

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

// ReadOnlyForLambda returns those that a Lambda@Edge function can't: at
// viewer-response there are more.
func ReadOnlyForLambda(event string) []string {
	if event == "viewer-response" {
		return []string{"Content-Encoding", "Content-Length", "Transfer-Encoding", "Warning", "Via"}
	}
	return readOnly[event]
}

// UTF8 returns s as UTF-8. Anything else counts as ISO-8859-1.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-encoding
func UTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// Set returns a set of names, of headers or of what they hold.
func Set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

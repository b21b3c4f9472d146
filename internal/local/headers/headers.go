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

// UTF8 returns s as UTF-8. Anything else counts as ISO-8859-1.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-encoding
func UTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return Latin1(s)
}

// Latin1 returns a string of one character for each byte.
func Latin1(s string) string {
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

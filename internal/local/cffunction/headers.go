package cffunction

import (
	"slices"
	"strings"
)

// The headers that edge functions neither see nor add. A name that ends with
// an asterisk stands for every name that begins so.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-disallowed-headers
var disallowedHeaders = []string{
	"connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "trailer",
	"upgrade", "x-accel-buffering", "x-accel-charset", "x-accel-limit-rate", "x-accel-redirect", "x-amz-cf-*",
	"x-amzn-auth", "x-amzn-cf-billing", "x-amzn-cf-id", "x-amzn-cf-xff", "x-amzn-errortype", "x-amzn-fle-profile",
	"x-amzn-header-count", "x-amzn-header-order", "x-amzn-lambda-integration-tag", "x-amzn-requestid", "x-cache",
	"x-edge-*", "x-forwarded-proto", "x-real-ip",
}

// The headers that a function sees and cannot add, modify or delete.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-read-only-headers
var (
	readOnlyRequest  = []string{"cdn-loop", "content-length", "host", "transfer-encoding", "via"}
	readOnlyResponse = []string{"via", "warning"}
)

func disallowed(name string) bool {
	return slices.ContainsFunc(disallowedHeaders, func(pattern string) bool {
		start, wild := strings.CutSuffix(pattern, "*")
		return name == pattern || wild && strings.HasPrefix(name, start)
	})
}

// checkHeaders says what is wrong with the headers of an answer. where is
// "request" or "response".
func (d *decoder) checkHeaders(where string, given, shown *fields, readOnly []string) {
	for _, name := range given.names {
		if slices.Equal(given.values[name], shown.values[name]) {
			continue // as the viewer or the origin sent it
		}
		if name != strings.ToLower(name) {
			d.fail("write "+strings.ToLower(name), "%s.headers must have header names in lower case, and has %q", where, name)
		}
		if !validName(name) {
			d.fail("a header name is made of letters, digits and hyphens", "%s.headers has the name %q", where, name)
		}
		if disallowed(name) {
			d.fail("leave it out", "%s.headers adds %q, which edge functions may not", where, name)
		}
		for _, v := range given.values[name] {
			if strings.ContainsFunc(v.text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F }) {
				d.fail("percent-encode it", "the value of %s.headers[%q] has a control character", where, name)
			}
		}
	}
	for _, name := range readOnly {
		if !slices.Equal(given.values[name], shown.values[name]) {
			d.fail("leave it as it is", "%s.headers changes %q, which is read-only", where, name)
		}
	}
	if _, ok := given.values["cookie"]; ok && where == "request" {
		d.fail("use request.cookies", `request.headers has "cookie"`)
	}
	if _, ok := given.values["set-cookie"]; ok && where == "response" {
		d.fail("use response.cookies", `response.headers has "set-cookie"`)
	}
}

// validName reports whether name is a token.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func validName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !strings.ContainsRune("!#$%&'*+-.^_`|~", r) &&
			!(r >= '0' && r <= '9') && !(r >= 'a' && r <= 'z') && !(r >= 'A' && r <= 'Z')
	})
}

package smoke

import (
	"net/netip"
	"slices"
	"strings"
)

func headerCases() []Case {
	long := strings.Repeat("x", 6000)
	return []Case{
		inspectCase("Set-Cookie × 2", "GET", "If cookies are joined, or all but one are lost, users are logged out.", nil, header("Set-Cookie", twoCookies...)),
		inspectCase("Set-Cookie × 2, with POST", "POST", "A login is a POST that sets cookies.", nil, header("Set-Cookie", twoCookies...)),
		inspectCase("two request cookies", "GET", "A handler that doesn't get all cookies loses the session.",
			[]Field{{"Cookie", "session=abc=; theme=dark"}}, sawCookies("session=abc=", "theme=dark")),
		inspectCase("a custom header", "GET", "The origin request policy decides which headers are forwarded. A list of known headers would drop X-Original-Host too.",
			[]Field{{"X-Smoke-Test", "a value, with a comma"}}, sawHeader("X-Smoke-Test", "a value", "with a comma")),
		inspectCase("a repeated header", "GET", "Lambda joins the values with commas. None may be lost.",
			[]Field{{"X-Smoke-Test", "one"}, {"X-Smoke-Test", "two"}}, sawHeader("X-Smoke-Test", "one", "two")),
		inspectCase("a repeated Cookie", "GET", "HTTP/2 clients split cookies over several headers. A cookie that is lost, or joined to another with a comma, ends the session.",
			[]Field{{"Cookie", "session=abc="}, {"Cookie", "theme=dark"}}, sawCookies("session=abc=", "theme=dark")),
		// Between CloudFront's former quota and today's.
		// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
		inspectCase("24 KB of headers", "GET", "Applications with many or large cookies need to know how long their headers may be.",
			slices.Repeat([]Field{{"X-Smoke-Test", long}}, 4), sawHeader("X-Smoke-Test", long, long, long, long)).
			informational("CloudFront's guide allows 32,768 B, but until 2026 it was 20,480 B. What a function URL accepts isn't documented."),
		inspectCase("Range", "GET", "Handlers that serve parts of files, such as videos, need it.",
			[]Field{{"Range", "bytes=0-9"}}, sawHeader("Range", "bytes=0-9")).
			informational("CloudFront's guide says that it may ask the origin for a larger range."),
		inspectCase("If-None-Match", "GET", "Without it a handler can't save its viewers a download by 304.",
			[]Field{{"If-None-Match", `"cloudfurl"`}}, sawHeader("If-None-Match", `"cloudfurl"`)),
		inspectCase("spoofed X-Forwarded-For", "GET", "CloudFront appends the viewer's address to what the viewer sent. If it didn't, any viewer could choose the address that the handler sees.",
			[]Field{{"X-Forwarded-For", spoofedAddress}}, sawAddress()),
		inspectCase("X-Forwarded-For", "GET", "Without it the handler knows only CloudFront's address, not the viewer's.", nil, sawAddress()),
	}
}

// spoofedAddress is an address for documentation, which no viewer has.
//
// See: https://www.rfc-editor.org/rfc/rfc5737
const spoofedAddress = "192.0.2.66"

// twoCookies are what /inspect sets.
var twoCookies = []string{
	"cloudfurl-first=1; Path=/; HttpOnly; Secure; SameSite=Lax",
	"cloudfurl-second=1; Path=/; HttpOnly; Secure; SameSite=Lax",
}

func sawCookies(want ...string) Check {
	return seen("both cookies arrive", func(_ *Response, saw inspection) string {
		return unless(slices.Equal(saw.Cookies, want), "the cookies arrived as %q", saw.Cookies)
	})
}

// sawAddress expects the handler to see an address last that the viewer didn't send.
func sawAddress() Check {
	return seen("an address arrives", func(_ *Response, saw inspection) string {
		got := saw.Headers.Get("X-Forwarded-For")
		_, err := netip.ParseAddr(strings.TrimSpace(got[strings.LastIndex(got, ",")+1:]))
		return unless(err == nil && !strings.HasSuffix(got, spoofedAddress), "X-Forwarded-For arrived as %q", got)
	})
}

package smoke

import (
	"net/netip"
	"slices"
	"strings"
)

func headerCases() []Case {
	return []Case{
		inspectCase("Set-Cookie × 2", "GET", "If cookies are joined, or all but one are lost, users are logged out.", nil, setsTwoCookies()),
		inspectCase("Set-Cookie × 2, with POST", "POST", "A login is a POST that sets cookies.", nil, setsTwoCookies()),
		inspectCase("two request cookies", "GET", "A handler that doesn't get all cookies loses the session.",
			[]Field{{"Cookie", "session=abc=; theme=dark"}}, sawCookies("session=abc=", "theme=dark")),
		inspectCase("a custom header", "GET", "The origin request policy decides which headers are forwarded. A list of known headers would drop X-Original-Host too.",
			[]Field{{"X-Smoke-Test", "a value, with a comma"}}, sawHeader("X-Smoke-Test", "a value", "with a comma")),
		inspectCase("a repeated header", "GET", "Lambda joins the values with commas. None may be lost.",
			[]Field{{"X-Smoke-Test", "one"}, {"X-Smoke-Test", "two"}}, sawHeader("X-Smoke-Test", "one", "two")),
		inspectCase("a repeated Cookie", "GET", "HTTP/2 clients split cookies over several headers. A cookie that is lost, or joined to another with a comma, ends the session.",
			[]Field{{"Cookie", "session=abc="}, {"Cookie", "theme=dark"}}, sawCookies("session=abc=", "theme=dark")),
		longHeaders(),
		inspectCase("spoofed X-Forwarded-For", "GET", "CloudFront appends the viewer's address to what the viewer sent. If it didn't, any viewer could choose the address that the handler sees. Inferred: the function URL keeps the list.",
			[]Field{{"X-Forwarded-For", spoofedAddress}}, sawAppendedAddress()),
		inspectCase("X-Forwarded-For", "GET", "Without it the handler knows only CloudFront's address, not the viewer's.", nil, sawAddress()),
	}
}

// spoofedAddress is an address for documentation, which no viewer has.
//
// See: https://www.rfc-editor.org/rfc/rfc5737
const spoofedAddress = "192.0.2.66"

// longHeaders is a request between CloudFront's former quota and today's.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
func longHeaders() Case {
	c := inspectCase("24 KB of headers", "GET", "Applications with many or large cookies need to know how long their headers may be.",
		slices.Repeat([]Field{{"X-Smoke-Test", strings.Repeat("x", 6000)}}, 4), seen("the headers arrive", func(_ *Response, saw inspection) string {
			got := saw.Headers.Get("X-Smoke-Test")
			return unless(len(got) >= 24000, "%d B of X-Smoke-Test arrived", len(got))
		}))
	c.Informational = "CloudFront's guide allows 32,768 B, but until 2026 it was 20,480 B. What a function URL accepts isn't documented."
	return c
}

func setsTwoCookies() Check {
	return Check{"two Set-Cookie", func(r *Response) string {
		got := r.Header.Values("Set-Cookie")
		return unless(len(got) == 2 && strings.HasPrefix(got[0], "cloudfurl-first=") && strings.HasPrefix(got[1], "cloudfurl-second="), "Set-Cookie is %q", got)
	}}
}

func sawCookies(want ...string) Check {
	return seen("both cookies arrive", func(_ *Response, saw inspection) string {
		return unless(slices.Equal(saw.Cookies, want), "the cookies arrived as %q", saw.Cookies)
	})
}

func sawAddress() Check {
	return seen("an address arrives", func(_ *Response, saw inspection) string {
		got := saw.Headers.Get("X-Forwarded-For")
		first, _, _ := strings.Cut(got, ",")
		_, err := netip.ParseAddr(strings.TrimSpace(first))
		return unless(err == nil, "X-Forwarded-For arrived as %q", got)
	})
}

// sawAppendedAddress expects the handler to see an address behind the spoofed one.
func sawAppendedAddress() Check {
	return seen("an appended address arrives", func(_ *Response, saw inspection) string {
		got := saw.Headers.Get("X-Forwarded-For")
		addresses := strings.Split(got, ",")
		last := strings.TrimSpace(addresses[len(addresses)-1])
		_, err := netip.ParseAddr(last)
		return unless(err == nil && last != spoofedAddress, "X-Forwarded-For arrived as %q", got)
	})
}

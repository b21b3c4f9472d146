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
		inspectCase("X-Forwarded-For", "GET", "Without it the handler knows only CloudFront's address, not the viewer's.", nil, sawAddress()),
	}
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

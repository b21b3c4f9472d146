package smoke

import (
	"net/netip"
	"slices"
	"strings"
)

func headerCases() []Case {
	return []Case{
		inspectCase("Set-Cookie × 2", "GET", "Cookies joined into one field, or only the last of them, log people out.", nil, setsTwoCookies()),
		inspectCase("Set-Cookie × 2, with POST", "POST", "A login is a POST, and it sets cookies.", nil, setsTwoCookies()),
		inspectCase("two cookies of the viewer", "GET", "A session that does not arrive is a session that is lost.",
			[]Field{{"Cookie", "session=abc=; theme=dark"}}, sawCookies("session=abc=", "theme=dark")),
		inspectCase("a header of one's own", "GET", "The origin request policy decides which headers travel. One that lets only known ones pass loses X-Original-Host too.",
			[]Field{{"X-Smoke-Test", "a value, with a comma"}}, sawHeader("X-Smoke-Test", "a value", "with a comma")),
		inspectCase("a header twice", "GET", "Lambda joins the values by a comma; none of them may be lost.",
			[]Field{{"X-Smoke-Test", "one"}, {"X-Smoke-Test", "two"}}, sawHeader("X-Smoke-Test", "one", "two")),
		inspectCase("X-Forwarded-For", "GET", "Without it the handler knows no viewer's address, only CloudFront's.", nil, sawAddress()),
	}
}

func setsTwoCookies() Check {
	return Check{"two Set-Cookie", func(a *Answer) string {
		got := a.Header.Values("Set-Cookie")
		return unless(len(got) == 2 && strings.HasPrefix(got[0], "cloudfurl-first=") && strings.HasPrefix(got[1], "cloudfurl-second="), "Set-Cookie is %q", got)
	}}
}

func sawCookies(want ...string) Check {
	return seen("both cookies arrive", func(_ *Answer, saw inspection) string {
		return unless(slices.Equal(saw.Cookies, want), "the cookies arrived as %q", saw.Cookies)
	})
}

func sawAddress() Check {
	return seen("an address arrives", func(_ *Answer, saw inspection) string {
		got := saw.Headers.Get("X-Forwarded-For")
		first, _, _ := strings.Cut(got, ",")
		_, err := netip.ParseAddr(strings.TrimSpace(first))
		return unless(err == nil, "X-Forwarded-For arrived as %q", got)
	})
}

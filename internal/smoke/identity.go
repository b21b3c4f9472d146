package smoke

import "github.com/cloudfurl/cloudfurl/internal/contract"

const (
	spoofedHost = "spoofed.example.com"
	bearer      = "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"
	spoofed     = "Bearer spoofed"
)

// identityCases are about what a viewer is known by: the host it asked for and
// the authorization it brought.
func identityCases() []Case {
	const (
		whySpoofed = "A handler trusts this header. If a viewer's own passes, anybody can claim any host."
		whyBearer  = "Origin access control replaces Authorization by its signature; the viewer's survives only as a copy. Without it no token ever reaches the handler."
	)
	host := Field{contract.HeaderOriginalHost, spoofedHost}
	authorization := Field{contract.HeaderOriginalAuthorization, spoofed}
	token := Field{"Authorization", bearer}
	return []Case{
		inspectCase("the original host", "GET", "A function URL needs its own domain in Host, so links, redirects and tenants depend on the copy.", nil, sawHost()),
		inspectCase("the original host, with POST", "POST", "The copy must survive the edge function that hashes bodies.", nil, sawHost()),
		inspectCase("spoofed X-Original-Host", "GET", whySpoofed, []Field{host}, sawHost()),
		inspectCase("spoofed X-Original-Host, twice", "GET", whySpoofed+" Of two values one might be overlooked.", []Field{host, host}, sawHost()),
		inspectCase("Authorization: Bearer", "GET", whyBearer, []Field{token}, sawHeader("Authorization", bearer)),
		inspectCase("Authorization: Bearer, with POST", "POST", whyBearer, []Field{token}, sawHeader("Authorization", bearer)),
		inspectCase("Authorization: Basic", "GET", whyBearer, []Field{{"Authorization", "Basic dXNlcjpwYXNzd29yZA=="}}, sawHeader("Authorization", "Basic dXNlcjpwYXNzd29yZA==")),
		inspectCase("spoofed X-Original-Authorization", "GET", "Who sends no Authorization must not get one in by the back door.",
			[]Field{authorization}, sawHeader("Authorization"), sawHeader(contract.HeaderOriginalAuthorization)),
		inspectCase("spoofed X-Original-Authorization beside a real one", "GET", "What an authorizer in front has checked is Authorization; another value must not take its place.",
			[]Field{authorization, token}, sawHeader("Authorization", bearer), sawHeader(contract.HeaderOriginalAuthorization, bearer)),
	}
}

// inspectCase is about the request as the handler sees it. A POST has a body.
func inspectCase(name, method, why string, fields []Field, checks ...Check) Case {
	c := Case{
		Name:      name,
		Why:       why,
		Request:   Request{Method: method, Target: "/inspect", Header: fields},
		Checks:    append([]Check{status(200)}, checks...),
		NeedsDemo: true,
	}
	if method == "POST" {
		c.Request.Header = append(c.Request.Header, typeField("application/json"))
		c.Request.Body = []byte("{}")
	}
	return c
}

// sawHost wants the host that the viewer asked for, and no other, at the handler.
func sawHost() Check {
	return seen("the viewer's host arrives", func(a *Answer, saw inspection) string {
		got := saw.Headers.Values(contract.HeaderOriginalHost)
		return unless(len(got) == 1 && got[0] == a.Host && saw.Host == a.Host, "%s arrived as %q, Host as %q", contract.HeaderOriginalHost, got, saw.Host)
	})
}

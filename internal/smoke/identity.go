package smoke

import (
	"fmt"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

const (
	spoofedHost = "spoofed.example.com"
	bearer      = "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"
	spoofed     = "Bearer spoofed"
)

// forgeries are headers that only a proxy may send. CloudFront passes on the
// viewer's.
var forgeries = []struct{ name, why string }{
	{"X_Forwarded_Host", "CGI, WSGI and other adapters read underscores as hyphens, so this header would replace the real one."},
	{"Forwarded", "Spring and Rack prefer it to X-Forwarded-Host, so a viewer could choose the host."},
	{"CloudFront-Forwarded-Proto", "Applications behind CloudFront take the scheme from it, and a viewer could turn redirects to HTTPS into a loop."},
	{"X-Forwarded-Prefix", "Spring and Werkzeug put it before the paths of links and redirects."},
	{"X-Forwarded-Port", "Django, Rack and Spring put it into links and redirects."},
	{"X-Original-URL", "Frameworks that were made for IIS route by it, past the path that CloudFront and its rules have seen."},
	{"X-Rewrite-URL", "Laminas routes by it, past the path that CloudFront and its rules have seen."},
	{"SCRIPT_NAME", "gunicorn believes a caller on its own machine, as AWS's adapter is, and routes by the rest of the path."},
}

// identityCases test the host that the viewer asked for and the authorization
// that it sent.
func identityCases() []Case {
	const (
		whySpoofed = "Handlers trust this header. If a viewer's value gets through, anybody can claim any host."
		whyBearer  = "Origin access control overwrites Authorization with its signature, so only a copy of the viewer's survives. Without it no token reaches the handler."
	)
	host := Field{contract.HeaderOriginalHost, spoofedHost}
	authorization := Field{contract.HeaderOriginalAuthorization, spoofed}
	token := Field{"Authorization", bearer}
	cases := []Case{
		inspectCase("the original host", "GET", "A function URL needs its own domain in Host, so handlers that build links or redirects, or look up tenants, depend on the copy.", nil, sawHost()),
		inspectCase("the original host, with POST", "POST", "The copy must survive the edge function that hashes bodies.", nil, sawHost()),
		inspectCase("spoofed X-Original-Host", "GET", whySpoofed, []Field{host}, sawHost()),
		inspectCase("spoofed X-Original-Host, twice", "GET", whySpoofed+" Code that checks only the first of two values misses the other.", []Field{host, host}, sawHost()),
		inspectCase("spoofed X_Original_Host", "GET", "CGI, WSGI and other adapters read underscores as hyphens, so this header would replace the real one.",
			[]Field{{strings.ReplaceAll(contract.HeaderOriginalHost, "-", "_"), spoofedHost}}, sawHost(), sawHeader(strings.ReplaceAll(contract.HeaderOriginalHost, "-", "_"))),
		inspectCase("spoofed X-Forwarded-Host, twice", "GET", "Next.js, Rails, Spring and others take the host from it. Next.js compares it to the origin of a server action.",
			[]Field{{contract.HeaderForwardedHost, spoofedHost}, {contract.HeaderForwardedHost, spoofedHost}}, sawHost()),
		inspectCase("X-Original-Host named in Connection", "GET", "Proxies remove the headers that Connection names. If that happens after the copy was made, any viewer can remove the host.",
			[]Field{{"Connection", contract.HeaderOriginalHost}}, sawHost()).
			informational("Whether CloudFront removes the headers that Connection names, and when, isn't documented."),
		inspectCase("Authorization: Bearer", "GET", whyBearer, []Field{token}, sawHeader("Authorization", bearer)),
		inspectCase("Authorization: Bearer, with POST", "POST", whyBearer, []Field{token}, sawHeader("Authorization", bearer)),
		inspectCase("Authorization: Basic", "GET", whyBearer, []Field{{"Authorization", "Basic dXNlcjpwYXNzd29yZA=="}}, sawHeader("Authorization", "Basic dXNlcjpwYXNzd29yZA==")),
		inspectCase("spoofed X-Original-Authorization", "GET", "A request without Authorization must not get one from this header.",
			[]Field{authorization}, sawHeader("Authorization"), sawHeader(contract.HeaderOriginalAuthorization)),
		inspectCase("spoofed X-Original-Authorization with a real one", "GET", "Authorizers in front check Authorization, so nothing may replace its value.",
			[]Field{authorization, token}, sawHeader("Authorization", bearer), sawHeader(contract.HeaderOriginalAuthorization, bearer)),
	}
	for _, forged := range forgeries {
		cases = append(cases, inspectCase("spoofed "+forged.name, "GET", forged.why, []Field{{forged.name, spoofedHost}}, sawNothingSpoofed()))
	}
	return cases
}

// inspectCase tests the request as the handler sees it. A POST has a body.
func inspectCase(name, method, why string, fields []Field, checks ...Check) Case {
	request := get("/inspect", fields...)
	if method == "POST" {
		request = withBody("POST", "/inspect", "application/json", []byte("{}"))
		request.Header = append(request.Header, fields...)
	}
	return newCase(name, why, request, append([]Check{status(200)}, checks...)...)
}

// sawHost expects the handler to see the host that the viewer asked for, once in
// each of its headers.
func sawHost() Check {
	return seen("the viewer's host arrives", func(r *Response, saw inspection) string {
		for _, name := range []string{contract.HeaderOriginalHost, contract.HeaderForwardedHost} {
			if got := saw.Headers.Values(name); len(got) != 1 || got[0] != r.Host {
				return fmt.Sprintf("%s arrived as %q", name, got)
			}
		}
		return unless(saw.Host == r.Host, "Host arrived as %q", saw.Host)
	})
}

// sawNothingSpoofed expects the handler not to see the spoofed host anywhere.
func sawNothingSpoofed() Check {
	return seen("the viewer's value doesn't arrive", func(_ *Response, saw inspection) string {
		for name, values := range saw.Headers {
			if strings.Contains(strings.Join(values, ","), spoofedHost) {
				return fmt.Sprintf("%s arrived as %q", name, values)
			}
		}
		return ""
	})
}

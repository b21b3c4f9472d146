package inspector

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// policy lets the page load what is served here, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard responds to requests for this machine only, and to those that change something
// only if no other site's page sent them.
func guard(next http.Handler) http.Handler {
	next = http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if !named(r) {
			fail(w, http.StatusMisdirectedRequest, "the Host %q isn't this machine's: use localhost or a loopback address, with the port", r.Host)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// named reports whether the Host is a name of the loopback interface, with the port
// of the connection. A web page could let its own name resolve to it.
//
// See: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
func named(r *http.Request) bool {
	host, port, err := net.SplitHostPort(r.Host)
	at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if err != nil || !ok || port != strconv.Itoa(at.Port) {
		return false
	}
	host = strings.ToLower(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

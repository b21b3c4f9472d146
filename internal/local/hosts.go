package local

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// hosts routes requests by their Host. It rejects all names but those of the
// parts, those of this machine, and allowed ones: a web page could make its own
// name resolve to this machine and read what is served here.
type hosts struct {
	byName  map[string]http.Handler // names of parts; "*.example.com" for all below
	byPath  map[string]http.Handler
	allowed []string // names, or patterns that begin with *

	// main serves the names of this machine, and the allowed ones. It may be nil.
	main http.Handler
}

func newHosts(parts []build.Part, allowed []string) *hosts {
	h := &hosts{byName: map[string]http.Handler{}, byPath: map[string]http.Handler{}}
	for _, name := range allowed {
		h.allowed = append(h.allowed, strings.ToLower(name))
	}
	for _, part := range parts {
		traced := servedBy(part)
		for _, name := range part.Hosts {
			h.byName[strings.ToLower(name)] = traced
		}
		h.byPath[part.Path] = traced
		if part.Main {
			h.main = traced
		}
	}
	return h
}

// servedBy serves requests with a part, and records that.
func servedBy(part build.Part) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		trace.FromContext(r.Context()).ServedBy(part.Path)
		part.ServeHTTP(w, r)
	}
}

type boundKey struct{}

// Bind returns a context for requests to the part with a construct path, whatever
// name of this machine their Host has.
func Bind(ctx context.Context, path string) context.Context {
	return context.WithValue(ctx, boundKey{}, path)
}

// ServeHTTP serves the request with the part that its Host names, or that its
// context is bound to.
func (h *hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := hostname(r.Host)
	if !ok {
		problem := fmt.Sprintf("the Host %q is invalid: send a name or an address, and in brackets one with colons", r.Host)
		trace.FromContext(r.Context()).Reject(nil, http.StatusBadRequest, problem, "")
		http.Error(w, "cloudfurl: "+problem, http.StatusBadRequest)
		return
	}
	if handler := h.named(name); handler != nil {
		handler.ServeHTTP(w, r)
		return
	}
	handler := h.main
	path, bound := r.Context().Value(boundKey{}).(string)
	if bound {
		handler = h.byPath[path]
	}
	problem := "this port serves several parts: use the name of one, or its own port"
	switch {
	case strings.Contains(name, ".lambda-url."):
		problem = fmt.Sprintf("no function URL has the name %q", name)
	case strings.Contains(name, ".execute-api."):
		problem = fmt.Sprintf("no REST API has the name %q", name)
	case !h.accepts(name):
		problem = fmt.Sprintf("the host %q isn't allowed: allow it with --host %s", name, name)
	case handler != nil:
		handler.ServeHTTP(w, r)
		return
	case bound:
		problem = path + " isn't served any more"
	}
	trace.FromContext(r.Context()).Reject(nil, http.StatusMisdirectedRequest, problem, "")
	known := strings.Join(slices.Sorted(maps.Keys(h.byName)), "\n")
	http.Error(w, fmt.Sprintf("cloudfurl: %s. Known names:\n%s", problem, known), http.StatusMisdirectedRequest)
}

// hostname returns the name or address in a Host, in lower case and without its
// port and brackets, and whether the Host is valid. An invalid one gets 400.
//
// See: https://www.rfc-editor.org/rfc/rfc9112#section-3.2
// and https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-400-bad-request.html
// Inferred: CloudFront follows the standard there.
func hostname(host string) (name string, ok bool) {
	name, port, hasPort := strings.Cut(host, ":")
	if bracketed, isAddress := strings.CutPrefix(host, "["); isAddress {
		address, rest, closed := strings.Cut(bracketed, "]")
		parsed, err := netip.ParseAddr(address)
		if port, hasPort = strings.CutPrefix(rest, ":"); !closed || err != nil || !parsed.Is6() || rest != "" && !hasPort {
			return "", false
		}
		name = address
	}
	if _, err := strconv.ParseUint(port, 10, 16); hasPort && port != "" && err != nil {
		return "", false
	}
	return strings.ToLower(name), !strings.ContainsAny(name, "[]")
}

// named returns the part with a name, or nil.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-wildcard
func (h *hosts) named(name string) http.Handler {
	if handler, ok := h.byName[name]; ok {
		return handler
	}
	for below := name; ; {
		_, rest, ok := strings.Cut(below, ".")
		if !ok {
			return nil
		}
		if handler, ok := h.byName["*."+rest]; ok {
			return handler
		}
		below = rest
	}
}

// accepts reports whether a name is one of this machine, or allowed. No web page
// can have a name below localhost, and an address needs no DNS to resolve it.
//
// See: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
func (h *hosts) accepts(name string) bool {
	if name == "" || name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return slices.ContainsFunc(h.allowed, func(allowed string) bool {
		suffix, wildcard := strings.CutPrefix(allowed, "*")
		return name == allowed || wildcard && strings.HasSuffix(name, suffix)
	})
}

package local

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
)

// hosts sends requests to what their Host names.
type hosts struct {
	byName map[string]http.Handler

	// other answers to every other name, unless it means a function URL. It is
	// nil if there is no distribution or more than one.
	other http.Handler
}

func newHosts(edge *Edge) *hosts {
	h := &hosts{byName: map[string]http.Handler{}}
	for _, url := range edge.FunctionURLs {
		door := url.url.Handler()
		h.byName[url.Host] = door
		h.byName[url.Domain] = door
	}
	for _, distribution := range edge.Distributions {
		for _, name := range distribution.Hosts {
			h.byName[strings.ToLower(name)] = distribution.handler
		}
	}
	if len(edge.Distributions) == 1 {
		h.other = edge.Distributions[0].handler
	}
	return h
}

// ServeHTTP serves the request by the handler that its Host, without port,
// names.
func (h *hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.ToLower(r.Host)
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	handler, ok := h.byName[name]
	if !ok && !strings.Contains(name, ".lambda-url.") {
		handler = h.other
	}
	if handler == nil {
		known := strings.Join(slices.Sorted(maps.Keys(h.byName)), "\n")
		http.Error(w, fmt.Sprintf("cloudfurl: nothing answers to the host %q. These do:\n%s", r.Host, known), http.StatusMisdirectedRequest)
		return
	}
	handler.ServeHTTP(w, r)
}

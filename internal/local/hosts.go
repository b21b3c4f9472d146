package local

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// hosts routes requests by their Host.
type hosts struct {
	byName map[string]http.Handler

	// other serves every other name that isn't a function URL's. It is nil
	// unless there is exactly one distribution.
	other http.Handler
}

func newHosts(distributions []build.Distribution, urls []build.FunctionURL) *hosts {
	h := &hosts{byName: map[string]http.Handler{}}
	for _, url := range urls {
		h.byName[url.Host] = url
		h.byName[url.Domain] = url
	}
	for _, distribution := range distributions {
		for _, name := range distribution.Hosts {
			h.byName[strings.ToLower(name)] = distribution
		}
	}
	if len(distributions) == 1 {
		h.other = distributions[0]
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
		http.Error(w, fmt.Sprintf("cloudfurl: nothing is served for the host %q. These are known:\n%s", r.Host, known), http.StatusMisdirectedRequest)
		return
	}
	handler.ServeHTTP(w, r)
}

package build

import (
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// network reaches what the assembly doesn't define. Like CloudFront, it adds no
// headers of net/http to requests.
var network = func() *networkTransport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	return &networkTransport{transport}
}()

type networkTransport struct{ transport *http.Transport }

// RoundTrip sends the request, without net/http's User-Agent if it has none.
func (n *networkTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, ok := r.Header["User-Agent"]; !ok {
		r = r.Clone(r.Context())
		r.Header["User-Agent"] = []string{""}
	}
	return n.transport.RoundTrip(r)
}

// A replacement serves in place of an origin or function URL, at a URL of
// Options.Origins.
type replacement struct {
	base *url.URL
	log  *slog.Logger
}

// replacement returns what Options.Origins puts in the place of a part that has
// the names, nil if it has nothing.
func (b *builder) replacement(names ...string) (*replacement, error) {
	for _, name := range names {
		b.origins[name] = true
	}
	for _, name := range names {
		address, ok := b.options.Origins[name]
		if !ok || name == "" {
			continue
		}
		base, err := url.Parse(address)
		if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
			return nil, fault.At("--origin "+name, fault.New("use an address such as http://127.0.0.1:3000", "invalid URL %q", address))
		}
		if !b.foreign[name] {
			b.foreign[name] = true
			b.log.Info(name + " is served by " + address)
		}
		return &replacement{base, b.log}, nil
	}
	return nil, nil
}

// RoundTrip sends the request to the URL, with its path behind the URL's own.
func (p *replacement) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := r.Clone(r.Context())
	sent.URL.Scheme, sent.URL.Host, sent.Host = p.base.Scheme, p.base.Host, p.base.Host
	sent.URL.RawPath = strings.TrimSuffix(p.base.EscapedPath(), "/") + r.URL.EscapedPath()
	sent.URL.Path = strings.TrimSuffix(p.base.Path, "/") + r.URL.Path
	return network.RoundTrip(sent)
}

// ServeHTTP serves the request in place of a function URL.
func (p *replacement) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(*httputil.ProxyRequest) {}, Transport: p, FlushInterval: -1,
		ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelDebug),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				trace.FromContext(r.Context()).Reject(p.log, http.StatusBadGateway, p.base.String()+" doesn't respond: "+err.Error(), "start what --origin names")
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	proxy.ServeHTTP(w, r)
}

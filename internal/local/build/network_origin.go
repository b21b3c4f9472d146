package build

import (
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// networkOrigin reaches the origins that an edge function chooses: a function URL,
// a REST API or, without a signature, a bucket of the assembly, or else the network.
type networkOrigin struct {
	b *builder
}

// RoundTrip sends the request to what has its host.
func (o *networkOrigin) RoundTrip(r *http.Request) (*http.Response, error) {
	domain := r.URL.Hostname()
	if url := o.b.endpointAt(domain); url != nil {
		return url.RoundTrip(r)
	}
	found, err := o.bucket(domain)
	if err != nil {
		return nil, err
	}
	switch {
	case found != nil && found.replaced != nil:
		return found.replaced.RoundTrip(r)
	case found != nil:
		return found.bucket.RoundTrip(r)
	}
	return network.RoundTrip(r)
}

// bucket returns the bucket that has a domain, nil if the assembly defines none.
func (o *networkOrigin) bucket(domain string) (*originBucket, error) {
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	found, err := o.b.bucketAt(domain)
	if found == nil && err == nil {
		o.b.warnOfNetwork(domain)
	}
	return found, fault.Redact(err, o.b.options.Values)
}

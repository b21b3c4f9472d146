package build

import (
	"net/http"
	"sync"
)

// networkOrigin reaches the origins that an edge function chooses: a function URL
// or, without a signature, a bucket of the assembly, or else the network.
type networkOrigin struct {
	b *builder

	// mu guards logged, and the builder while a bucket is made.
	mu     sync.Mutex
	logged map[string]bool // domains that aren't of the assembly
}

// RoundTrip sends the request to what has its host.
func (o *networkOrigin) RoundTrip(r *http.Request) (*http.Response, error) {
	domain := r.URL.Hostname()
	if url, ok := o.b.functionURLAt(domain); ok {
		return url.transport.RoundTrip(r)
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

// bucket returns the bucket of a domain, nil if the domain isn't of the assembly.
func (o *networkOrigin) bucket(domain string) (*originBucket, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.logged[domain] {
		return nil, nil
	}
	found, err := o.b.bucketAt(domain)
	if found != nil || err != nil {
		return found, err
	}
	if o.logged == nil {
		o.logged = map[string]bool{}
	}
	o.logged[domain] = true
	o.b.warnOfNetwork(domain)
	return nil, nil
}

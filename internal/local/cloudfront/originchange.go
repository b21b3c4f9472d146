package cloudfront

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// An originChange is what a function changes about an origin. Zero fields leave
// it as it is.
type originChange struct {
	path          *string
	customHeaders http.Header // nil: unchanged
	protocol      string      // http or https
	port          int
	readTimeout   int // seconds
}

// change applies a function's change to o, which is a copy; before is the origin
// that the function was given.
func (o *Origin) change(c originChange, before *Origin) error {
	if c.path != nil {
		o.Path = *c.path
	}
	if c.customHeaders != nil {
		o.CustomHeaders = nil
	}
	for _, name := range slices.Sorted(maps.Keys(c.customHeaders)) {
		if err := headers.CheckAdded(name, c.customHeaders[name]); err != nil && !before.hasCustomHeader(name) {
			return invalid(err.Error())
		}
		for _, value := range c.customHeaders[name] {
			o.CustomHeaders = append(o.CustomHeaders, Header{name, value})
		}
	}
	if c.protocol != "" {
		o.ProtocolPolicy = c.protocol + "-only"
		o.HTTPPort, o.HTTPSPort = cmp.Or(c.port, 80), cmp.Or(c.port, 443)
	}
	o.ReadTimeout = cmp.Or(time.Duration(c.readTimeout)*time.Second, o.ReadTimeout)
	if err := o.Validate(); err != nil {
		return invalid(err.Error())
	}
	return nil
}

func (o *Origin) hasCustomHeader(name string) bool {
	return slices.ContainsFunc(o.CustomHeaders, func(h Header) bool { return strings.EqualFold(h.Name, name) })
}

// originByDomain returns the origin that has a domain name, which may be one that
// the distribution doesn't have.
func (d *Distribution) originByDomain(origin *Origin, domain string) (*Origin, error) {
	if origin.DomainName == domain {
		return origin, nil
	}
	for _, other := range d.origins {
		if other.DomainName == domain {
			return other, nil
		}
	}
	if d.config.OtherOrigins == nil {
		return nil, invalid("it chose the origin " + domain + ", which the distribution doesn't have")
	}
	made := Origin{ID: domain, DomainName: domain, Transport: d.config.OtherOrigins}.withDefaults()
	return &made, nil
}

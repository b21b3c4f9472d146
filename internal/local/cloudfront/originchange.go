package cloudfront

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
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

// updateOrigin returns the origin that a CloudFront Function chose: one of the
// distribution by its id, or the given one with changes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/helper-functions-origin-modification.html
// Inferred: what CloudFront rejects here is a 502, as any invalid result.
func (d *Distribution) updateOrigin(origin *Origin, u *cffunction.OriginUpdate) (*Origin, error) {
	if u.ID != "" {
		chosen, ok := d.origins[u.ID]
		if !ok {
			return origin, invalid("it selected the origin " + u.ID + ", which the distribution doesn't have")
		}
		origin = chosen
	}
	changed := *origin
	if u.DomainName != "" {
		reached, err := d.originByDomain(origin, u.DomainName)
		if err != nil {
			return origin, err
		}
		changed.DomainName, changed.Transport = u.DomainName, reached.Transport
	}
	changed.Host = u.HostHeader
	if err := changed.updateOAC(u); err != nil {
		return origin, invalid(err.Error())
	}
	update := originChange{path: u.OriginPath, readTimeout: u.Timeouts.ReadTimeout}
	if u.CustomHeaders != nil {
		update.customHeaders = http.Header{}
	}
	for name, value := range u.CustomHeaders {
		update.customHeaders.Set(name, value)
	}
	if c := u.CustomOriginConfig; c != nil {
		update.protocol, update.port = c.Protocol, c.Port
	}
	return &changed, changed.change(update, origin)
}

// updateOAC changes how the origin's requests are signed. The region stays the
// origin's unless the function names one.
func (o *Origin) updateOAC(u *cffunction.OriginUpdate) error {
	c, before := u.OriginAccessControlConfig, o.OAC
	if c == nil {
		return nil
	}
	o.S3, o.OAC = c.Enabled && c.OriginType == originS3, nil
	if !c.Enabled {
		return nil
	}
	o.OAC = &OAC{SigningBehavior: c.SigningBehavior, SigningProtocol: c.SigningProtocol, OriginType: c.OriginType, Region: c.Region}
	if before != nil {
		o.OAC.Region = cmp.Or(c.Region, before.Region)
	}
	return o.OAC.Validate()
}

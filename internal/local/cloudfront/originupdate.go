package cloudfront

import (
	"cmp"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
)

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

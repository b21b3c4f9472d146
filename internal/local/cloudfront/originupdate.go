package cloudfront

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

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
		changed.S3 = isS3(u.DomainName) && u.CustomOriginConfig == nil
	}
	changed.Host = u.HostHeader
	if u.OriginPath != nil {
		changed.Path = *u.OriginPath
	}
	if u.CustomHeaders != nil {
		changed.CustomHeaders = nil
		for _, name := range slices.Sorted(maps.Keys(u.CustomHeaders)) {
			if err := checkHeader(http.CanonicalHeaderKey(name), []string{u.CustomHeaders[name]}); err != nil {
				return origin, invalid(err.Error())
			}
			changed.CustomHeaders = append(changed.CustomHeaders, Header{name, u.CustomHeaders[name]})
		}
	}
	changed.ConnectionAttempts = cmp.Or(u.ConnectionAttempts, changed.ConnectionAttempts)
	changed.ReadTimeout = cmp.Or(time.Duration(u.Timeouts.ReadTimeout)*time.Second, changed.ReadTimeout)
	changed.ConnectionTimeout = cmp.Or(time.Duration(u.Timeouts.ConnectionTimeout)*time.Second, changed.ConnectionTimeout)
	changed.ResponseCompletionTimeout = cmp.Or(time.Duration(u.Timeouts.ResponseCompletionTimeout)*time.Second, changed.ResponseCompletionTimeout)
	if c := u.CustomOriginConfig; c != nil {
		if c.Protocol == "http" {
			changed.ProtocolPolicy, changed.HTTPPort = "http-only", cmp.Or(c.Port, 80)
		} else {
			changed.ProtocolPolicy, changed.HTTPSPort = "https-only", cmp.Or(c.Port, 443)
		}
	}
	if err := changed.updateOAC(u); err != nil {
		return origin, invalid(err.Error())
	}
	if err := changed.Validate(); err != nil {
		return origin, invalid(err.Error())
	}
	return &changed, nil
}

func (o *Origin) updateOAC(u *cffunction.OriginUpdate) error {
	c := u.OriginAccessControlConfig
	if c == nil {
		return nil
	}
	if !c.Enabled {
		o.OAC = nil
		return nil
	}
	oac := OAC{SigningBehavior: c.SigningBehavior, SigningProtocol: c.SigningProtocol, OriginType: c.OriginType, Region: c.Region}
	if o.OAC != nil {
		oac.Region = cmp.Or(oac.Region, o.OAC.Region)
	}
	o.OAC = &oac
	return oac.Validate()
}

// isS3 reports whether a domain name is a bucket's, not a website endpoint's.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
func isS3(domain string) bool {
	return strings.HasSuffix(domain, ".amazonaws.com") && (strings.Contains(domain, ".s3.") || strings.Contains(domain, ".s3-")) &&
		!strings.Contains(domain, ".s3-website")
}

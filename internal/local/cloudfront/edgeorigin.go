package cloudfront

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// edgeOrigin is the origin in the event of a Lambda@Edge function: one of its fields
// is set.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html#request-event-fields
type edgeOrigin struct {
	Custom *edgeCustomOrigin `json:"custom,omitempty"`
	S3     *edgeS3Origin     `json:"s3,omitempty"`
}

type edgeCustomOrigin struct {
	CustomHeaders             edgeHeaders `json:"customHeaders"`
	DomainName                string      `json:"domainName"`
	KeepaliveTimeout          int         `json:"keepaliveTimeout"`
	Path                      string      `json:"path"`
	Port                      int         `json:"port"`
	Protocol                  string      `json:"protocol"`
	ReadTimeout               int         `json:"readTimeout"`
	ResponseCompletionTimeout int         `json:"responseCompletionTimeout,omitempty"`
	SSLProtocols              []string    `json:"sslProtocols"`
}

type edgeS3Origin struct {
	AuthMethod                string      `json:"authMethod"`
	CustomHeaders             edgeHeaders `json:"customHeaders"`
	DomainName                string      `json:"domainName"`
	Path                      string      `json:"path"`
	Region                    string      `json:"region"`
	ResponseCompletionTimeout int         `json:"responseCompletionTimeout,omitempty"`
}

func newEdgeOrigin(o *Origin) *edgeOrigin {
	completion := int(o.ResponseCompletionTimeout / time.Second)
	custom := http.Header{}
	for _, h := range o.CustomHeaders {
		custom.Add(h.Name, h.Value)
	}
	if o.S3 {
		s3 := &edgeS3Origin{AuthMethod: "none", CustomHeaders: newEdgeHeaders(custom), DomainName: o.DomainName, Path: o.Path, ResponseCompletionTimeout: completion}
		if o.OAC != nil {
			s3.Region = o.OAC.Region
		}
		return &edgeOrigin{S3: s3}
	}
	scheme, port := "https", o.HTTPSPort
	if o.ProtocolPolicy == "http-only" {
		scheme, port = "http", o.HTTPPort
	}
	return &edgeOrigin{Custom: &edgeCustomOrigin{
		CustomHeaders:    newEdgeHeaders(custom),
		DomainName:       o.DomainName,
		KeepaliveTimeout: int(o.KeepaliveTimeout / time.Second),
		Path:             o.Path,
		Port:             port,
		Protocol:         scheme,
		// Rounded up: tests use timeouts below a second.
		ReadTimeout:               int((o.ReadTimeout + time.Second - 1) / time.Second),
		ResponseCompletionTimeout: completion,
		SSLProtocols:              []string{"TLSv1.2"},
	}}
}

// changeOrigin returns the origin that a function chose: the one it was given,
// with changes, or another one by its domain name.
//
// Inferred: an origin of the distribution that is chosen by its domain name keeps
// its origin access control. Any other has none.
func (d *Distribution) changeOrigin(origin *Origin, to *edgeOrigin) (*Origin, error) {
	if (to.Custom == nil) == (to.S3 == nil) {
		return nil, invalid("origin must have one of custom and s3")
	}
	var domain, path string
	var headers edgeHeaders
	if to.Custom != nil {
		domain, path, headers = to.Custom.DomainName, to.Custom.Path, to.Custom.CustomHeaders
	} else {
		domain, path, headers = to.S3.DomainName, to.S3.Path, to.S3.CustomHeaders
	}
	if domain == "" || len(domain) > 253 || strings.ContainsAny(domain, ":/ ") {
		return nil, invalid(fmt.Sprintf("invalid origin domain name %q", domain))
	}
	if path != "" && (!strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") || len(path) > 255) {
		return nil, invalid(fmt.Sprintf("the origin path %q must start with a slash, not end with one, and have at most 255 characters", path))
	}
	chosen, err := d.originByDomain(origin, domain)
	if err != nil {
		return nil, err
	}
	changed := *chosen
	changed.Path, changed.S3 = path, to.S3 != nil
	header, err := headers.header()
	if err != nil {
		return nil, err
	}
	changed.CustomHeaders = nil
	for name, values := range header {
		if err := checkHeader(name, values); err != nil && !origin.hasCustomHeader(name) {
			return nil, invalid(err.Error())
		}
		for _, value := range values {
			changed.CustomHeaders = append(changed.CustomHeaders, Header{name, value})
		}
	}
	if to.Custom != nil {
		err = to.Custom.applyTo(&changed)
	}
	return &changed, err
}

// repeatedHeader returns an error if a custom header that a function added to an
// origin repeats one of the request.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html#request-event-fields
func (o *Origin) repeatedHeader(header http.Header, before *Origin) error {
	for _, h := range o.CustomHeaders {
		if _, ok := header[http.CanonicalHeaderKey(h.Name)]; ok && !before.hasCustomHeader(h.Name) {
			return invalid("the origin's custom header " + h.Name + " repeats a header of the request")
		}
	}
	return nil
}

func (o *Origin) hasCustomHeader(name string) bool {
	return slices.ContainsFunc(o.CustomHeaders, func(h Header) bool { return strings.EqualFold(h.Name, name) })
}

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

// applyTo sets what a function can change about a custom origin, within AWS's
// bounds.
func (c *edgeCustomOrigin) applyTo(o *Origin) error {
	given := newEdgeOrigin(o).Custom
	switch c.Protocol {
	case "https":
		o.ProtocolPolicy, o.HTTPSPort = "https-only", c.Port
	case "http":
		o.ProtocolPolicy, o.HTTPPort = "http-only", c.Port
	default:
		return invalid(fmt.Sprintf("the origin protocol %q isn't http or https", c.Protocol))
	}
	if c.Port != 80 && c.Port != 443 && (c.Port < 1024 || c.Port > 65535) {
		return invalid(fmt.Sprintf("the origin port %d isn't 80, 443 or 1024–65535", c.Port))
	}
	if given != nil && c.ReadTimeout == given.ReadTimeout {
		return nil
	}
	if c.ReadTimeout < 1 || c.ReadTimeout > 120 {
		return invalid(fmt.Sprintf("the readTimeout %d of the origin is outside 1–120 seconds", c.ReadTimeout))
	}
	o.ReadTimeout = time.Duration(c.ReadTimeout) * time.Second
	return nil
}

package cloudfront

import (
	"net/http"
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
	completion := seconds(o.ResponseCompletionTimeout)
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
		KeepaliveTimeout: seconds(o.KeepaliveTimeout),
		Path:             o.Path,
		Port:             port,
		Protocol:         scheme,
		ReadTimeout:      seconds(o.ReadTimeout),

		ResponseCompletionTimeout: completion,
		SSLProtocols:              []string{"TLSv1.2"},
	}}
}

// seconds rounds up, because tests use timeouts below a second.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// changeOrigin returns the origin that a Lambda@Edge function chose: the one it was
// given, with changes, or another one by its domain name.
//
// Inferred: an origin of the distribution that is chosen by its domain name keeps
// its origin access control. Any other has none.
func (d *Distribution) changeOrigin(origin *Origin, to *edgeOrigin) (*Origin, error) {
	var c originChange
	var domain string
	var custom edgeHeaders
	switch {
	case (to.Custom == nil) == (to.S3 == nil):
		return nil, invalid("origin must have one of custom and s3")
	case to.S3 != nil:
		domain, c.path, custom = to.S3.DomainName, &to.S3.Path, to.S3.CustomHeaders
	default:
		domain, c.path, custom = to.Custom.DomainName, &to.Custom.Path, to.Custom.CustomHeaders
		c.protocol, c.port = to.Custom.Protocol, to.Custom.Port
		if to.Custom.ReadTimeout != seconds(origin.ReadTimeout) {
			c.readTimeout = to.Custom.ReadTimeout
		}
	}
	chosen, err := d.originByDomain(origin, domain)
	if err != nil {
		return nil, err
	}
	if c.customHeaders, err = custom.header(); err != nil {
		return nil, err
	}
	changed := *chosen
	changed.S3 = to.S3 != nil
	return &changed, changed.change(c, origin)
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

package cloudfront

import (
	"cmp"
	"net/http"
	"time"
)

// edgeOrigin is the origin in the event of a Lambda@Edge function: one of its fields
// is set.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html#request-event-fields
type edgeOrigin struct {
	Custom *edgeOriginFields `json:"custom,omitempty"`
	S3     *edgeOriginFields `json:"s3,omitempty"`
}

// edgeOriginFields are the fields of either kind. Those that may be left out belong
// to one kind only.
type edgeOriginFields struct {
	AuthMethod                string      `json:"authMethod,omitempty"`
	CustomHeaders             edgeHeaders `json:"customHeaders"`
	DomainName                string      `json:"domainName"`
	KeepaliveTimeout          int         `json:"keepaliveTimeout,omitempty"`
	Path                      string      `json:"path"`
	Port                      int         `json:"port,omitempty"`
	Protocol                  string      `json:"protocol,omitempty"`
	ReadTimeout               int         `json:"readTimeout,omitempty"`
	Region                    string      `json:"region,omitempty"`
	ResponseCompletionTimeout int         `json:"responseCompletionTimeout,omitempty"`
	SSLProtocols              []string    `json:"sslProtocols,omitempty"`
}

func newEdgeOrigin(o *Origin) *edgeOrigin {
	custom := http.Header{}
	for _, h := range o.CustomHeaders {
		custom.Add(h.Name, h.Value)
	}
	fields := &edgeOriginFields{
		CustomHeaders: newEdgeHeaders(custom), DomainName: o.DomainName, Path: o.Path,
		ResponseCompletionTimeout: seconds(o.ResponseCompletionTimeout),
	}
	if o.S3 {
		fields.AuthMethod = "none"
		if o.OAC != nil {
			fields.Region = o.OAC.Region
		}
		return &edgeOrigin{S3: fields}
	}
	fields.KeepaliveTimeout, fields.ReadTimeout = seconds(o.KeepaliveTimeout), seconds(o.ReadTimeout)
	fields.Port, fields.Protocol, fields.SSLProtocols = o.HTTPSPort, "https", []string{"TLSv1.2"}
	if o.ProtocolPolicy == "http-only" {
		fields.Port, fields.Protocol = o.HTTPPort, "http"
	}
	return &edgeOrigin{Custom: fields}
}

// seconds rounds up, because tests use timeouts below a second.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// changeOrigin returns the origin that a Lambda@Edge function chose: the one it was
// given, with changes, or another one by its domain name.
//
// Inferred: an origin of the distribution that is chosen by its domain name keeps
// its origin access control. Any other has none.
func (d *Distribution) changeOrigin(origin *Origin, to *edgeOrigin) (*Origin, error) {
	if (to.Custom == nil) == (to.S3 == nil) {
		return nil, invalid("origin must have one of custom and s3")
	}
	given := cmp.Or(to.Custom, to.S3)
	chosen, err := d.originByDomain(origin, given.DomainName)
	if err != nil {
		return nil, err
	}
	c := originChange{path: &given.Path, protocol: given.Protocol, port: given.Port}
	if c.customHeaders, err = given.CustomHeaders.header(); err != nil {
		return nil, err
	}
	if given.ReadTimeout != seconds(origin.ReadTimeout) {
		c.readTimeout = given.ReadTimeout
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

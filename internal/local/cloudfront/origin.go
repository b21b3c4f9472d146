package cloudfront

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// An Origin is where a behavior's requests go.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-distribution-origin.html
type Origin struct {
	// ID is the name that behaviors use in TargetOriginID.
	ID string

	// DomainName is the Host that the origin gets, without a port.
	DomainName string

	// Path is OriginPath, put before the path of every request: it starts with
	// a slash and does not end with one.
	// Default: no path.
	Path string

	// CustomHeaders are set on every request and win over the viewer's.
	CustomHeaders []Header

	// S3 says that this is an S3OriginConfig, not a CustomOriginConfig.
	// Default: a custom origin, as function URLs are.
	S3 bool

	// ProtocolPolicy is OriginProtocolPolicy: https-only, http-only or
	// match-viewer. It chooses the scheme of the URL that Transport gets.
	// Default: https-only.
	ProtocolPolicy string

	// HTTPPort and HTTPSPort are the custom origin's ports.
	// Default: 80 and 443.
	HTTPPort, HTTPSPort int

	// ReadTimeout is OriginReadTimeout, 1 to 120 s: how long to wait for the
	// answer, and then for each further piece of it.
	// Default: 30 s.
	ReadTimeout time.Duration

	// KeepaliveTimeout is OriginKeepaliveTimeout. Only edge functions see it.
	// Default: 5 s.
	KeepaliveTimeout time.Duration

	// ResponseCompletionTimeout bounds the whole answer.
	// Default: no bound.
	ResponseCompletionTimeout time.Duration

	// ConnectionTimeout, 1 to 10 s, bounds one attempt to connect.
	// Default: 10 s.
	ConnectionTimeout time.Duration

	// ConnectionAttempts, 1 to 3, is how often to try, and for GET and HEAD how
	// often to ask.
	// Default: 3.
	ConnectionAttempts int

	// Transport reaches the origin. It must return when the request's context
	// ends, and stop a Read of the body when the body is closed.
	Transport http.RoundTripper

	// OAC is the origin access control that signs requests.
	// Default: requests are not signed.
	OAC *OAC
}

// A Header is one header as a template writes it.
type Header struct{ Name, Value string }

// An OAC is an origin access control.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
type OAC struct {
	// SigningBehavior is always, never or no-override.
	SigningBehavior string

	// SigningProtocol is sigv4, the only one there is.
	SigningProtocol string

	// OriginType is lambda or s3. mediastore and mediapackagev2 are not played.
	OriginType string

	// Region is the region that the signature is scoped to.
	Region string

	// Service is the service that the signature is scoped to.
	// Default: OriginType.
	Service string

	// Signer signs, with the credentials of the distribution.
	Signer Signer
}

// A Signer signs requests with AWS Signature Version 4.
type Signer interface {
	// SignRequest sets Authorization, X-Amz-Date and X-Amz-Security-Token on r,
	// signing the headers that it has, for payloadHash, which is the lower-case
	// hex SHA-256 of the payload or UNSIGNED-PAYLOAD. It must not read the body
	// and must leave path and query as they are written.
	SignRequest(r *http.Request, service, region, payloadHash string, at time.Time) error
}

// The defaults and bounds of an origin.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-web-distributions
const (
	defaultReadTimeout        = 30 * time.Second
	defaultKeepaliveTimeout   = 5 * time.Second
	defaultConnectionTimeout  = 10 * time.Second
	defaultConnectionAttempts = 3
)

func (o Origin) withDefaults() Origin {
	o.ProtocolPolicy = cmp.Or(o.ProtocolPolicy, "https-only")
	o.HTTPPort = cmp.Or(o.HTTPPort, 80)
	o.HTTPSPort = cmp.Or(o.HTTPSPort, 443)
	o.ReadTimeout = cmp.Or(o.ReadTimeout, defaultReadTimeout)
	o.KeepaliveTimeout = cmp.Or(o.KeepaliveTimeout, defaultKeepaliveTimeout)
	o.ConnectionTimeout = cmp.Or(o.ConnectionTimeout, defaultConnectionTimeout)
	o.ConnectionAttempts = cmp.Or(o.ConnectionAttempts, defaultConnectionAttempts)
	if o.OAC != nil {
		oac := *o.OAC
		oac.Service = cmp.Or(oac.Service, oac.OriginType)
		o.OAC = &oac
	}
	return o
}

func (o Origin) validate() error {
	switch {
	case o.DomainName == "" || strings.ContainsAny(o.DomainName, ":/ "):
		return fmt.Errorf("DomainName is %q, not a domain name without scheme, port and path", o.DomainName)
	case o.Path != "" && (!strings.HasPrefix(o.Path, "/") || strings.HasSuffix(o.Path, "/")):
		return fmt.Errorf("OriginPath is %q: it must start with a slash and not end with one", o.Path)
	case o.Transport == nil:
		return fmt.Errorf("nothing answers for %s: the local edge needs a transport for it", o.DomainName)
	case !slices.Contains([]string{"https-only", "http-only", "match-viewer"}, o.ProtocolPolicy):
		return fmt.Errorf("OriginProtocolPolicy is %q, not https-only, http-only or match-viewer", o.ProtocolPolicy)
	case o.ConnectionAttempts < 1 || o.ConnectionAttempts > 3:
		return fmt.Errorf("ConnectionAttempts is %d, not 1 to 3", o.ConnectionAttempts)
	case o.ReadTimeout < 0 || o.ConnectionTimeout < 0 || o.ResponseCompletionTimeout < 0:
		return fmt.Errorf("a timeout is negative")
	}
	for _, h := range o.CustomHeaders {
		if !validToken(h.Name) || !validValue(h.Value) {
			return fmt.Errorf("the custom header %q: %q is no valid HTTP header", h.Name, h.Value)
		}
	}
	if o.OAC != nil {
		return o.OAC.validate()
	}
	return nil
}

func (a *OAC) validate() error {
	switch {
	case !slices.Contains([]string{signAlways, signNever, signNoOverride}, a.SigningBehavior):
		return fmt.Errorf("SigningBehavior of its origin access control is %q, not always, never or no-override", a.SigningBehavior)
	case a.SigningProtocol != "sigv4":
		return fmt.Errorf("SigningProtocol of its origin access control is %q, not sigv4", a.SigningProtocol)
	case a.OriginType != originLambda && a.OriginType != originS3:
		return fmt.Errorf("OriginAccessControlOriginType is %q: the local edge plays lambda and s3", a.OriginType)
	case a.SigningBehavior != signNever && (a.Signer == nil || a.Region == ""):
		return fmt.Errorf("its origin access control signs, but has no signer or no region")
	}
	return nil
}

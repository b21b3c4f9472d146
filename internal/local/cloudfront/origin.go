package cloudfront

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An Origin is where a behavior's requests go.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-distribution-origin.html
type Origin struct {
	// ID is the name that behaviors use in TargetOriginID.
	ID string

	// DomainName is the Host that the origin gets, without a port.
	DomainName string

	// Host is the Host header, where a function chose another one.
	// Default: DomainName, or the viewer's Host if the policies forward it.
	Host string

	// Path is OriginPath, put before the path of every request: it starts with
	// a slash and does not end with one.
	// Default: no path.
	Path string

	// CustomHeaders are set on every request and override the viewer's.
	CustomHeaders []Header

	// S3 says that the origin has an S3OriginConfig.
	// Default: a CustomOriginConfig, as function URLs have.
	S3 bool

	// ProtocolPolicy is OriginProtocolPolicy: https-only, http-only or
	// match-viewer. It chooses the scheme of the URL that Transport gets.
	// Default: https-only.
	ProtocolPolicy string

	// HTTPPort and HTTPSPort are the custom origin's ports.
	// Default: 80 and 443.
	HTTPPort, HTTPSPort int

	// ReadTimeout is OriginReadTimeout, 1 to 120 s, or 180 s where the quota was raised: how long to wait for the
	// response, and then for each further piece of it.
	// Default: 30 s.
	ReadTimeout time.Duration

	// KeepaliveTimeout is OriginKeepaliveTimeout. Only edge functions see it.
	// Default: 5 s.
	KeepaliveTimeout time.Duration

	// ResponseCompletionTimeout bounds the whole response.
	// Default: no bound.
	ResponseCompletionTimeout time.Duration

	// ConnectionTimeout, 1 to 10 s, bounds one attempt to connect.
	// Default: 10 s.
	ConnectionTimeout time.Duration

	// ConnectionAttempts, 1 to 3, is how often to connect, and for GET and HEAD
	// how often to send the request.
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

	// SigningProtocol is sigv4.
	SigningProtocol string

	// OriginType is lambda or s3; the others aren't supported locally. It is the
	// service that the signature is scoped to.
	OriginType string

	// Region is the region that the signature is scoped to.
	Region string
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
	maxReadTimeout            = 180 * time.Second // above 120 s, the quota has to be raised
)

func validPort(port int) bool { return port == 80 || port == 443 || port >= 1024 && port <= 65535 }

func (o Origin) withDefaults() Origin {
	o.ProtocolPolicy = cmp.Or(o.ProtocolPolicy, "https-only")
	o.HTTPPort = cmp.Or(o.HTTPPort, 80)
	o.HTTPSPort = cmp.Or(o.HTTPSPort, 443)
	o.ReadTimeout = cmp.Or(o.ReadTimeout, defaultReadTimeout)
	o.KeepaliveTimeout = cmp.Or(o.KeepaliveTimeout, defaultKeepaliveTimeout)
	o.ConnectionTimeout = cmp.Or(o.ConnectionTimeout, defaultConnectionTimeout)
	o.ConnectionAttempts = cmp.Or(o.ConnectionAttempts, defaultConnectionAttempts)
	return o
}

// Validate returns why CloudFront rejects the origin, as a fault with the
// property below the origin's.
func (o Origin) Validate() error {
	o = o.withDefaults()
	switch {
	case o.DomainName == "" || strings.ContainsAny(o.DomainName, ":/ "):
		return fault.In("DomainName", fault.New("set it without scheme, port and path", "invalid origin domain name %q", o.DomainName))
	case o.Path != "" && (!strings.HasPrefix(o.Path, "/") || strings.HasSuffix(o.Path, "/")):
		return fault.In("OriginPath", fault.New("start it with a slash and don't end it with one", "is %q, which CloudFront rejects", o.Path))
	case o.ConnectionAttempts < 1 || o.ConnectionAttempts > 3:
		return fault.In("ConnectionAttempts", fault.New("use 1 to 3", "is %d, which CloudFront rejects", o.ConnectionAttempts))
	case o.ReadTimeout < 0 || o.ReadTimeout > maxReadTimeout || o.ConnectionTimeout < 0 || o.ResponseCompletionTimeout < 0:
		return fault.New("use a positive number of seconds, and at most 120 for OriginReadTimeout, or 180 where the quota was raised", "has a timeout that CloudFront rejects")
	case !validPort(o.HTTPPort) || !validPort(o.HTTPSPort):
		return fault.In("CustomOriginConfig", fault.New("use 80, 443 or 1024 to 65535", "has a port that CloudFront rejects"))
	}
	return oneOf("CustomOriginConfig.OriginProtocolPolicy", o.ProtocolPolicy, "https-only", "http-only", "match-viewer")
}

// Validate returns why CloudFront rejects the origin access control, as a fault
// with the property below OriginAccessControlConfig.
func (a OAC) Validate() error {
	if a.OriginType != originLambda && a.OriginType != originS3 {
		return fault.In("OriginAccessControlOriginType", fault.New("use lambda or s3, or test it on AWS", "is %q, which isn't supported locally", a.OriginType))
	}
	return cmp.Or(
		oneOf("SigningBehavior", a.SigningBehavior, signAlways, signNever, signNoOverride),
		oneOf("SigningProtocol", a.SigningProtocol, "sigv4"),
	)
}

// oneOf returns an error if the value of a property isn't among those allowed.
func oneOf(property, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fault.In(property, fault.New("use one of "+strings.Join(allowed, ", "), "is %q, which CloudFront rejects", value))
}

package build

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/bucket"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// originProperties are those of an origin.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-origin.html
type originProperties struct {
	ConnectionAttempts int
	ConnectionTimeout  int
	CustomOriginConfig *struct {
		HTTPPort               int
		HTTPSPort              int
		OriginKeepaliveTimeout int
		OriginProtocolPolicy   string
		OriginReadTimeout      int

		IpAddressType      template.NoEffect
		OriginMtlsConfig   template.Unsupported
		OriginSSLProtocols template.NoEffect
	}
	DomainName            string
	Id                    string
	OriginAccessControlId string
	OriginCustomHeaders   []struct{ HeaderName, HeaderValue string }
	OriginPath            string

	ResponseCompletionTimeout int

	S3OriginConfig *struct {
		OriginAccessIdentity string
		OriginReadTimeout    int
	}

	VpcOriginConfig template.Unsupported

	OriginShield template.NoEffect

	Unknown template.Unknown
}

// originAccessControlProperties are those of AWS::CloudFront::OriginAccessControl.
type originAccessControlProperties struct {
	OriginAccessControlConfig struct {
		OriginAccessControlOriginType string
		SigningBehavior               string
		SigningProtocol               string

		Description, Name template.NoEffect
	}
}

// originOrStub makes an origin: the replacement of Options.Origins, the origin of
// the template or, if it isn't supported, a stub. Errors are located by place.
func (b *builder) originOrStub(p originProperties, place func(error) error) (cloudfront.Origin, error) {
	replaced, err := b.replacement(p.Id, p.DomainName)
	if replaced != nil || err != nil {
		return cloudfront.Origin{ID: p.Id, DomainName: p.DomainName, Transport: replaced}, err
	}
	if p.Unknown.Err != nil {
		return b.stubOrigin(p.Id, p.Unknown.Err)
	}
	origin, err := b.buildOrigin(p)
	if errors.Is(err, template.ErrUnsupported) {
		return b.stubOrigin(p.Id, place(err))
	}
	return origin, place(err)
}

// stubOrigin returns an unsupported origin or origin group: the replacement of
// Options.Origins, else a stub.
func (b *builder) stubOrigin(id string, unsupported error) (cloudfront.Origin, error) {
	origin := cloudfront.Origin{ID: id, DomainName: "unsupported.invalid"}
	replaced, err := b.replacement(id)
	switch {
	case err != nil:
		return origin, err
	case replaced != nil:
		origin.Transport = replaced
	default:
		origin.Transport = b.stub(unsupported, id)
	}
	return origin, nil
}

func (b *builder) buildOrigin(p originProperties) (cloudfront.Origin, error) {
	origin := cloudfront.Origin{
		ID:                        p.Id,
		DomainName:                p.DomainName,
		Path:                      p.OriginPath,
		ConnectionAttempts:        p.ConnectionAttempts,
		ConnectionTimeout:         seconds(p.ConnectionTimeout),
		ResponseCompletionTimeout: seconds(p.ResponseCompletionTimeout),
	}
	for _, header := range p.OriginCustomHeaders {
		origin.CustomHeaders = append(origin.CustomHeaders, cloudfront.Header{Name: header.HeaderName, Value: header.HeaderValue})
	}
	if custom := p.CustomOriginConfig; custom != nil {
		origin.ProtocolPolicy = custom.OriginProtocolPolicy
		origin.HTTPPort, origin.HTTPSPort = custom.HTTPPort, custom.HTTPSPort
		origin.KeepaliveTimeout = seconds(custom.OriginKeepaliveTimeout)
		origin.ReadTimeout = seconds(custom.OriginReadTimeout)
	}
	if p.S3OriginConfig != nil {
		origin.S3 = true
		origin.ReadTimeout = seconds(p.S3OriginConfig.OriginReadTimeout)
	}
	target, err := b.reach(p)
	if err != nil {
		return origin, err
	}
	origin.Transport = target.transport
	if err := origin.Validate(); err != nil || p.OriginAccessControlId == "" {
		return origin, err
	}
	origin.OAC, err = b.buildOriginAccessControl(p.OriginAccessControlId, target)
	return origin, err
}

func (b *builder) buildOriginAccessControl(id string, target originTarget) (*cloudfront.OAC, error) {
	r, p, err := find[originAccessControlProperties](b, "AWS::CloudFront::OriginAccessControl", "Ref", id)
	if err != nil {
		return nil, fault.In("OriginAccessControlId", err)
	}
	if target.region == "" {
		return nil, fault.At(r.Path, unsupported("", "define the origin in the app",
			"signs for an origin that isn't a function URL or bucket of this assembly"))
	}
	config := p.OriginAccessControlConfig
	// Inferred: the deployment fails with InvalidOriginAccessControl.
	if target.bucket && config.OriginAccessControlOriginType != "s3" {
		return nil, wrong(r, "OriginAccessControlConfig.OriginAccessControlOriginType", "set it to s3", "is %s, but the origin is a bucket", config.OriginAccessControlOriginType)
	}
	oac := &cloudfront.OAC{
		SigningBehavior: config.SigningBehavior,
		SigningProtocol: config.SigningProtocol,
		OriginType:      config.OriginAccessControlOriginType,
		Region:          target.region,
	}
	return oac, fault.At(r.Path, fault.In("OriginAccessControlConfig", oac.Validate()))
}

// An originTarget is what an origin reaches: a function URL, a REST API or a bucket, with its
// region, or the network, without one.
type originTarget struct {
	transport http.RoundTripper
	region    string
	bucket    bool
}

// reach returns what has the domain name of an origin.
func (b *builder) reach(p originProperties) (originTarget, error) {
	if url := b.endpointAt(p.DomainName); url != nil {
		if url.authType == "" { // a REST API, for which origin access control has no type
			return originTarget{transport: url}, nil
		}
		return originTarget{transport: url, region: url.region}, nil
	}
	identity, err := b.originAccessIdentity(p)
	if err != nil {
		return originTarget{}, err
	}
	found, err := b.bucketAt(p.DomainName)
	if err != nil {
		return originTarget{}, err
	}
	if found != nil {
		transport, err := found.transport(p, identity)
		err = fault.In("DomainName", err)
		return originTarget{transport: transport, region: found.region, bucket: true}, err
	}
	if identity != nil {
		return originTarget{}, unsupported("DomainName", "define the bucket in the app", "the bucket "+p.DomainName+" isn't defined in this assembly")
	}
	b.warnOfNetwork(p.DomainName)
	return originTarget{transport: network}, nil
}

// warnOfNetwork logs, once for each domain, that the assembly doesn't define it.
func (b *builder) warnOfNetwork(domain string) {
	if b.foreign[domain] {
		return
	}
	b.foreign[domain] = true
	fault.Log(b.log, slog.LevelWarn, "requests to origin "+domain+" go to the network",
		"origin "+domain+" isn't defined in this assembly: no function URL, REST API or bucket has this domain name", "define the origin in the app to serve it locally")
}

// originAccessIdentity returns the identity that CloudFront reaches a bucket
// with, nil if it has none.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_S3OriginConfig.html
func (b *builder) originAccessIdentity(p originProperties) (*bucket.OriginAccessIdentity, error) {
	if p.S3OriginConfig == nil || p.S3OriginConfig.OriginAccessIdentity == "" {
		return nil, nil
	}
	const property = "S3OriginConfig.OriginAccessIdentity"
	name := p.S3OriginConfig.OriginAccessIdentity
	id, ok := strings.CutPrefix(name, "origin-access-identity/cloudfront/")
	switch {
	case !ok:
		return nil, fault.In(property, fault.New("use origin-access-identity/cloudfront/ID", "invalid origin access identity %q", name))
	case p.OriginAccessControlId != "":
		return nil, fault.In(property, fault.New("remove one of them", "can't be combined with OriginAccessControlId"))
	}
	r, err := b.deployment.Lookup("AWS::CloudFront::CloudFrontOriginAccessIdentity", "Ref", id)
	if err != nil {
		return nil, fault.In(property, err)
	}
	user, err := r.Attribute("S3CanonicalUserId")
	return &bucket.OriginAccessIdentity{ID: id, CanonicalUserID: user}, err
}

func seconds(n int) time.Duration {
	return time.Duration(n) * time.Second
}

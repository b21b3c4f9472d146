package build

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/bucket"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
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

		IpAddressType      noEffect
		OriginMtlsConfig   notPlayed
		OriginSSLProtocols noEffect
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

	VpcOriginConfig notPlayed

	OriginShield noEffect
}

// originAccessControlProperties are those of AWS::CloudFront::OriginAccessControl.
type originAccessControlProperties struct {
	OriginAccessControlConfig struct {
		OriginAccessControlOriginType string
		SigningBehavior               string
		SigningProtocol               string

		Description noEffect
		Name        noEffect
	}
}

func (b *builder) buildOrigin(p originProperties, signer originSigner) (cloudfront.Origin, error) {
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
	reached, err := b.reach(p)
	if err != nil {
		return origin, err
	}
	origin.Transport = reached.transport
	if p.OriginAccessControlId == "" {
		return origin, nil
	}
	r, err := b.deployment.Lookup("AWS::CloudFront::OriginAccessControl", "Ref", p.OriginAccessControlId)
	if err != nil {
		return origin, fmt.Errorf("OriginAccessControlId: %w", err)
	}
	origin.OAC, err = b.buildOriginAccessControl(r, reached, signer)
	return origin, err
}

func (b *builder) buildOriginAccessControl(r *template.Resource, reached reached, signer originSigner) (*cloudfront.OAC, error) {
	var p originAccessControlProperties
	if err := decodeProperties(r, &p, b.log); err != nil {
		return nil, err
	}
	if reached.region == "" {
		return nil, resourceError(r, "signs for an origin that is no function URL and no bucket of the assembly: define it in the app, or give the bucket a directory with --s3 NAME=DIR")
	}
	config := p.OriginAccessControlConfig
	// Inferred: the deployment fails with InvalidOriginAccessControl.
	if reached.bucket && config.OriginAccessControlOriginType != "s3" {
		return nil, resourceError(r, "OriginAccessControlOriginType is %s, and its origin is a bucket: set it to s3", config.OriginAccessControlOriginType)
	}
	return &cloudfront.OAC{
		SigningBehavior: config.SigningBehavior,
		SigningProtocol: config.SigningProtocol,
		OriginType:      config.OriginAccessControlOriginType,
		Region:          reached.region,
		Signer:          signer,
	}, nil
}

// A reached is what an origin reaches: a function URL or a bucket, with its
// region, or the network, without one.
type reached struct {
	transport http.RoundTripper
	region    string
	bucket    bool
}

// reach returns what has the domain name of an origin.
func (b *builder) reach(p originProperties) (reached, error) {
	if url, ok := b.functionURLAt(p.DomainName); ok {
		return reached{transport: url.transport, region: url.Region}, nil
	}
	identity, err := b.originAccessIdentity(p)
	if err != nil {
		return reached{}, err
	}
	found, err := b.bucketAt(p.DomainName)
	if err != nil {
		return reached{}, err
	}
	if found != nil {
		transport, err := found.transport(p, identity)
		return reached{transport: transport, region: found.region, bucket: true}, err
	}
	if identity != nil {
		return reached{}, fmt.Errorf("no stack of the assembly defines the bucket %s, and AWS knows no origin access identity of this edge: give the bucket a directory with --s3 NAME=DIR", p.DomainName)
	}
	b.warnOfNetwork(p.DomainName)
	return reached{transport: http.DefaultTransport}, nil
}

func (b *builder) warnOfNetwork(domain string) {
	b.log.Warn("origin "+domain+" is none of this assembly: requests go to the network",
		"cause", "no function URL and no bucket has this domain name", "cure", "define the origin in the app, if it should be played here")
}

// elsewhere reaches the origins that an edge function chooses: a function URL
// of the assembly, or the network.
type elsewhere struct {
	b      *builder
	warned *sync.Map // domains that are known to be none of the assembly
}

// RoundTrip sends the request to whatever has its host.
func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	if url, ok := e.b.functionURLAt(r.URL.Hostname()); ok {
		return url.transport.RoundTrip(r)
	}
	if _, said := e.warned.LoadOrStore(r.URL.Hostname(), true); !said {
		e.b.warnOfNetwork(r.URL.Hostname())
	}
	return http.DefaultTransport.RoundTrip(r)
}

// originAccessIdentity returns the identity that CloudFront reaches a bucket
// with, nil if it has none.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_S3OriginConfig.html
func (b *builder) originAccessIdentity(p originProperties) (*bucket.OriginAccessIdentity, error) {
	if p.S3OriginConfig == nil || p.S3OriginConfig.OriginAccessIdentity == "" {
		return nil, nil
	}
	name := p.S3OriginConfig.OriginAccessIdentity
	id, ok := strings.CutPrefix(name, "origin-access-identity/cloudfront/")
	switch {
	case !ok:
		return nil, fmt.Errorf("OriginAccessIdentity is %q: it must be origin-access-identity/cloudfront/ID", name)
	case p.OriginAccessControlId != "":
		return nil, fmt.Errorf("it has an OriginAccessIdentity and an OriginAccessControlId: give it one of them")
	}
	r, err := b.deployment.Lookup("AWS::CloudFront::CloudFrontOriginAccessIdentity", "Ref", id)
	if err != nil {
		return nil, fmt.Errorf("OriginAccessIdentity: %w", err)
	}
	user, err := r.Attribute("S3CanonicalUserId")
	return &bucket.OriginAccessIdentity{ID: id, CanonicalUserID: user}, err
}

// An originSigner signs with the keys of one distribution.
type originSigner struct {
	credentials sigv4.Credentials
}

// SignRequest signs the headers that the request has.
//
// Inferred: CloudFront signs whatever a viewer sends as the hash, and the origin
// refuses it, as it is the hash of nothing.
func (s originSigner) SignRequest(r *http.Request, service, region, payloadHash string, at time.Time) error {
	if !sigv4.IsPayloadHash(payloadHash) {
		payloadHash = sigv4.EmptyPayloadHash
	}
	return sigv4.Sign(r, payloadHash, s.credentials, service, region, at)
}

func seconds(n int) time.Duration {
	return time.Duration(n) * time.Second
}

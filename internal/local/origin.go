package local

import (
	"fmt"
	"net/http"
	"time"

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

	S3OriginConfig  notPlayed
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
	region, transport := b.transport(p.DomainName)
	origin.Transport = transport
	if p.OriginAccessControlId == "" {
		return origin, nil
	}
	r, err := b.deployment.Lookup("AWS::CloudFront::OriginAccessControl", "Ref", p.OriginAccessControlId)
	if err != nil {
		return origin, fmt.Errorf("OriginAccessControlId: %w", err)
	}
	origin.OAC, err = b.buildOriginAccessControl(r, region, signer)
	return origin, err
}

func (b *builder) buildOriginAccessControl(r *template.Resource, region string, signer originSigner) (*cloudfront.OAC, error) {
	var p originAccessControlProperties
	if err := decodeProperties(r, &p, b.log); err != nil {
		return nil, err
	}
	if region == "" {
		return nil, resourceError(r, "signs for an origin that is no function URL of the assembly")
	}
	config := p.OriginAccessControlConfig
	return &cloudfront.OAC{
		SigningBehavior: config.SigningBehavior,
		SigningProtocol: config.SigningProtocol,
		OriginType:      config.OriginAccessControlOriginType,
		Region:          region,
		Signer:          signer,
	}, nil
}

// transport returns what reaches a domain: the function URL that has it, and
// the URL's region, or the network.
func (b *builder) transport(domain string) (region string, transport http.RoundTripper) {
	for _, candidate := range b.edge.FunctionURLs {
		if candidate.Domain == domain {
			return candidate.Region, candidate.url
		}
	}
	b.log.Warn("origin "+domain+" is none of this assembly: requests go to the network",
		"cause", "no function URL has this domain name", "cure", "define the origin in the app, if it should be played here")
	return "", http.DefaultTransport
}

// An originSigner signs with the keys of one distribution.
type originSigner struct {
	credentials sigv4.Credentials
}

// SignRequest signs the headers that the request has.
func (s originSigner) SignRequest(r *http.Request, service, region, payloadHash string, at time.Time) error {
	return sigv4.Sign(r, payloadHash, s.credentials, service, region, at)
}

func seconds(n int) time.Duration {
	return time.Duration(n) * time.Second
}

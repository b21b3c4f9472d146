package local

import (
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// distributionProperties are those of AWS::CloudFront::Distribution.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-distributionconfig.html
type distributionProperties struct {
	DistributionConfig struct {
		Aliases              []string
		CacheBehaviors       []behaviorProperties
		CustomErrorResponses []struct {
			ErrorCode          int
			ResponseCode       int
			ResponsePagePath   string
			ErrorCachingMinTTL noEffect
		}
		DefaultCacheBehavior behaviorProperties
		DefaultRootObject    string
		Enabled              *bool
		HttpVersion          string
		Origins              []originProperties

		CNAMEs                        notPlayed
		ConnectionFunctionAssociation notPlayed
		CustomOrigin                  notPlayed
		OriginGroups                  *struct {
			Quantity int
			Items    notPlayed
		}
		S3Origin         notPlayed
		TenantConfig     notPlayed
		ViewerMtlsConfig notPlayed

		Restrictions leftOut
		WebACLId     leftOut

		AnycastIpListId              noEffect
		Comment                      noEffect
		ConnectionMode               noEffect
		ContinuousDeploymentPolicyId noEffect
		IPV6Enabled                  noEffect
		Logging                      noEffect
		PriceClass                   noEffect
		Staging                      noEffect
		ViewerCertificate            noEffect
	}
	Tags noEffect
}

// buildDistributions makes the distributions of the deployment.
func (b *builder) buildDistributions() error {
	resources, err := b.deployment.ResourcesOfType("AWS::CloudFront::Distribution")
	if err != nil {
		return err
	}
	for _, r := range resources {
		built, err := b.buildDistribution(r)
		if err != nil {
			return err
		}
		b.edge.Distributions = append(b.edge.Distributions, built)
	}
	return nil
}

func (b *builder) buildDistribution(r *template.Resource) (Distribution, error) {
	var properties distributionProperties
	if err := decodeProperties(r, &properties, b.log); err != nil {
		return Distribution{}, err
	}
	p := properties.DistributionConfig
	if p.Enabled != nil && !*p.Enabled {
		return Distribution{}, resourceError(r, "DistributionConfig.Enabled is false, so it would answer nobody: set it to true")
	}
	id, err := r.Attribute("Id")
	if err != nil {
		return Distribution{}, err
	}
	domain, err := r.Attribute("DomainName")
	if err != nil {
		return Distribution{}, err
	}
	config := cloudfront.Config{
		ID:                id,
		ARN:               "arn:aws:cloudfront::" + r.Account + ":distribution/" + id,
		DomainName:        domain,
		Account:           r.Account,
		Origins:           map[string]cloudfront.Origin{},
		DefaultRootObject: p.DefaultRootObject,
		HTTPVersion:       p.HttpVersion,
		PlainHTTP:         b.options.PlainHTTP,
		OtherOrigins:      elsewhere{b, new(sync.Map)},
	}
	for _, response := range p.CustomErrorResponses {
		config.CustomErrorResponses = append(config.CustomErrorResponses, cloudfront.CustomErrorResponse{
			ErrorCode:        response.ErrorCode,
			ResponseCode:     response.ResponseCode,
			ResponsePagePath: response.ResponsePagePath,
		})
	}
	signer := originSigner{credentials: b.keys.addDistribution(config.ARN, r.Account)}
	for _, origin := range p.Origins {
		if config.Origins[origin.Id], err = b.buildOrigin(origin, signer); err != nil {
			return Distribution{}, resourceError(r, "origin %s: %w", origin.Id, err)
		}
	}
	if config.Default, err = b.buildBehavior(p.DefaultCacheBehavior, config); err != nil {
		return Distribution{}, resourceError(r, "DefaultCacheBehavior: %w", err)
	}
	for _, properties := range p.CacheBehaviors {
		behavior, err := b.buildBehavior(properties, config)
		if err != nil {
			return Distribution{}, resourceError(r, "cache behavior %s: %w", properties.PathPattern, err)
		}
		config.Behaviors = append(config.Behaviors, behavior)
	}
	built, err := cloudfront.New(config, b.log)
	if err != nil {
		return Distribution{}, resourceError(r, "%w", err)
	}
	b.adviseDistribution(path(r), config)
	return Distribution{
		Path:    path(r),
		Hosts:   append([]string{strings.ToLower(id) + ".cloudfront.localhost", domain}, p.Aliases...),
		handler: built,
	}, nil
}

package build

import (
	"fmt"
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
		b.parts.Distributions = append(b.parts.Distributions, built)
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
		Handler: built,
		Path:    path(r),
		Hosts:   append([]string{strings.ToLower(id) + ".cloudfront.localhost", domain}, p.Aliases...),
	}, nil
}

// behaviorProperties are those of a cache behavior.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-cachebehavior.html
type behaviorProperties struct {
	AllowedMethods       []string
	CachePolicyId        string
	CachedMethods        []string
	Compress             bool
	FunctionAssociations []struct {
		EventType   string
		FunctionARN string
	}
	LambdaFunctionAssociations []struct {
		EventType         string
		IncludeBody       bool
		LambdaFunctionARN string
	}
	OriginRequestPolicyId   string
	PathPattern             string
	ResponseHeadersPolicyId string
	TargetOriginId          string
	ViewerProtocolPolicy    string

	DefaultTTL       notPlayed // like ForwardedValues, from before cache policies
	ForwardedValues  notPlayed
	MaxTTL           notPlayed
	MinTTL           notPlayed
	TrustedKeyGroups notPlayed
	TrustedSigners   notPlayed

	FieldLevelEncryptionId leftOut
	GrpcConfig             leftOut

	RealtimeLogConfigArn noEffect
	SmoothStreaming      noEffect
}

func (b *builder) buildBehavior(p behaviorProperties, distribution cloudfront.Config) (cloudfront.Behavior, error) {
	behavior := cloudfront.Behavior{
		PathPattern:          p.PathPattern,
		TargetOriginID:       p.TargetOriginId,
		ViewerProtocolPolicy: p.ViewerProtocolPolicy,
		AllowedMethods:       p.AllowedMethods,
		CachedMethods:        p.CachedMethods,
		Compress:             p.Compress,
		Edge:                 map[cloudfront.EventType]cloudfront.EdgeAssociation{},
	}
	if err := b.addPolicies(&behavior, p); err != nil {
		return behavior, err
	}
	for _, association := range p.FunctionAssociations {
		function, err := b.viewerFunction(association.FunctionARN, distribution)
		if err != nil {
			return behavior, err
		}
		switch cloudfront.EventType(association.EventType) {
		case cloudfront.ViewerRequest:
			behavior.ViewerRequest = function
		case cloudfront.ViewerResponse:
			behavior.ViewerResponse = function
		default:
			return behavior, fmt.Errorf("FunctionAssociations: got event %s: CloudFront Functions run at viewer-request and viewer-response", association.EventType)
		}
	}
	for _, association := range p.LambdaFunctionAssociations {
		function, name, err := b.edgeFunction(association.LambdaFunctionARN)
		if err != nil {
			return behavior, err
		}
		behavior.Edge[cloudfront.EventType(association.EventType)] = cloudfront.EdgeAssociation{
			Name:        name,
			Function:    function,
			IncludeBody: association.IncludeBody,
		}
	}
	return behavior, nil
}

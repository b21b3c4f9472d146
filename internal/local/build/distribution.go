package build

import (
	"fmt"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
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
			ErrorCachingMinTTL template.NoEffect
		}
		DefaultCacheBehavior behaviorProperties
		DefaultRootObject    string
		Enabled              *bool
		HttpVersion          string
		Origins              []originProperties

		CNAMEs                        template.Unsupported
		ConnectionFunctionAssociation template.Unsupported
		CustomOrigin                  template.Unsupported
		OriginGroups                  *struct {
			Quantity int
			Items    template.Unsupported
		}
		S3Origin         template.Unsupported
		TenantConfig     template.Unsupported
		ViewerMtlsConfig template.Unsupported

		Restrictions template.LeftOut
		WebACLId     template.LeftOut

		AnycastIpListId              template.NoEffect
		Comment                      template.NoEffect
		ConnectionMode               template.NoEffect
		ContinuousDeploymentPolicyId template.NoEffect
		IPV6Enabled                  template.NoEffect
		Logging                      template.NoEffect
		PriceClass                   template.NoEffect
		Staging                      template.NoEffect
		ViewerCertificate            template.NoEffect
	}
	Tags template.NoEffect
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
	if err := r.Decode(&properties, b.log); err != nil {
		return Distribution{}, err
	}
	p := properties.DistributionConfig
	if p.Enabled != nil && !*p.Enabled {
		return Distribution{}, wrong(r, "DistributionConfig.Enabled", "set it to true", "is false, so CloudFront serves nothing")
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
		OtherOrigins:      networkOrigin{b, new(sync.Map)},
	}
	for _, response := range p.CustomErrorResponses {
		config.CustomErrorResponses = append(config.CustomErrorResponses, cloudfront.CustomErrorResponse{
			ErrorCode:        response.ErrorCode,
			ResponseCode:     response.ResponseCode,
			ResponsePagePath: response.ResponsePagePath,
		})
	}
	signer := originSigner{credentials: b.keys.addDistribution(config.ARN, r.Account)}
	for i, origin := range p.Origins {
		if config.Origins[origin.Id], err = b.buildOrigin(origin, signer); err != nil {
			return Distribution{}, fault.At(r.Path, fault.In(fmt.Sprintf("DistributionConfig.Origins[%d]", i), err))
		}
	}
	if config.Default, err = b.buildBehavior(p.DefaultCacheBehavior, config); err != nil {
		return Distribution{}, fault.At(r.Path, fault.In("DistributionConfig.DefaultCacheBehavior", err))
	}
	for i, properties := range p.CacheBehaviors {
		behavior, err := b.buildBehavior(properties, config)
		if err != nil {
			return Distribution{}, fault.At(r.Path, fault.In(fmt.Sprintf("DistributionConfig.CacheBehaviors[%d]", i), err))
		}
		config.Behaviors = append(config.Behaviors, behavior)
	}
	built, err := cloudfront.New(config, b.log)
	if err != nil {
		return Distribution{}, fault.At(r.Path, fault.In("DistributionConfig", err))
	}
	b.adviseDistribution(r.Path, config)
	return Distribution{
		Handler: built,
		Path:    r.Path,
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

	DefaultTTL       template.Unsupported // from before cache policies, like ForwardedValues
	ForwardedValues  template.Unsupported
	MaxTTL           template.Unsupported
	MinTTL           template.Unsupported
	TrustedKeyGroups template.Unsupported
	TrustedSigners   template.Unsupported

	FieldLevelEncryptionId template.LeftOut
	GrpcConfig             template.LeftOut

	RealtimeLogConfigArn template.NoEffect
	SmoothStreaming      template.NoEffect
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
	for i, association := range p.FunctionAssociations {
		place := fmt.Sprintf("FunctionAssociations[%d]", i)
		function, err := b.viewerFunction(association.FunctionARN, distribution)
		if err != nil {
			return behavior, fault.In(place+".FunctionARN", err)
		}
		switch cloudfront.EventType(association.EventType) {
		case cloudfront.ViewerRequest:
			behavior.ViewerRequest = function
		case cloudfront.ViewerResponse:
			behavior.ViewerResponse = function
		default:
			return behavior, fault.In(place+".EventType", fault.New("use viewer-request or viewer-response", "unknown event type %q of a CloudFront Function", association.EventType))
		}
	}
	for i, association := range p.LambdaFunctionAssociations {
		function, name, err := b.edgeFunction(association.LambdaFunctionARN)
		if err != nil {
			return behavior, fault.In(fmt.Sprintf("LambdaFunctionAssociations[%d].LambdaFunctionARN", i), err)
		}
		behavior.Edge[cloudfront.EventType(association.EventType)] = cloudfront.EdgeAssociation{
			Name:        name,
			Function:    function,
			IncludeBody: association.IncludeBody,
		}
	}
	return behavior, nil
}

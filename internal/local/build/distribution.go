package build

import (
	"fmt"
	"strings"

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
		Origins              []originProperties

		CNAMEs, ConnectionFunctionAssociation, CustomOrigin template.Unsupported
		OriginGroups                                        struct {
			Quantity template.NoEffect
			Items    []originGroupProperties
		}
		S3Origin, TenantConfig, ViewerMtlsConfig template.Unsupported

		Restrictions, WebACLId template.LeftOut

		AnycastIpListId, Comment, ConnectionMode, ContinuousDeploymentPolicyId, HttpVersion, IPV6Enabled, Logging, PriceClass, Staging,
		ViewerCertificate template.NoEffect

		Unknown template.Unknown
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
		if id, err := r.Ref(); err == nil {
			b.paths[distributionARN(r, id)] = r.Path
		}
	}
	var fronts []Part
	err = each(b, "AWS::CloudFront::Distribution", "", "", func(r *template.Resource, p distributionProperties) error {
		front, err := b.buildDistribution(r, p)
		fronts = append(fronts, front)
		return err
	})
	b.app.Parts = append(fronts, b.app.Parts...)
	return err
}

func distributionARN(r *template.Resource, id string) string {
	return "arn:" + r.Partition + ":cloudfront::" + r.Account + ":distribution/" + id
}

// originGroupProperties are those of an origin group.
type originGroupProperties struct {
	Id                                  string
	Members                             template.Unsupported
	FailoverCriteria, SelectionCriteria template.NoEffect
	Unknown                             template.Unknown
}

// buildDistribution makes a distribution. Its unsupported parts, and those that
// other apps define, become stubs.
func (b *builder) buildDistribution(r *template.Resource, properties distributionProperties) (Part, error) {
	p := properties.DistributionConfig
	id, err := r.Attribute("Id")
	if err != nil {
		return Part{}, err
	}
	domain, err := r.Attribute("DomainName")
	if err != nil {
		return Part{}, err
	}
	made := Part{
		Kind: "distribution", Path: r.Path, Front: true,
		Hosts: append([]string{strings.ToLower(id) + ".cloudfront.localhost", domain}, p.Aliases...),
	}
	if p.Enabled != nil && !*p.Enabled {
		made.Handler = b.stub(wrong(r, "DistributionConfig.Enabled", "set it to true", "is false, so CloudFront doesn't serve it"), "")
		return made, nil
	}
	if p.Unknown.Err != nil {
		made.Handler = b.stub(p.Unknown.Err, "")
		return made, nil
	}
	config := cloudfront.Config{
		ID:                id,
		ARN:               distributionARN(r, id),
		DomainName:        domain,
		Aliases:           p.Aliases,
		Account:           r.Account,
		Origins:           map[string]cloudfront.Origin{},
		DefaultRootObject: p.DefaultRootObject,
		PlainHTTP:         b.options.PlainHTTP || b.options.TLS,
		OtherOrigins:      &networkOrigin{b: b},
	}
	for _, response := range p.CustomErrorResponses {
		config.CustomErrorResponses = append(config.CustomErrorResponses, cloudfront.CustomErrorResponse{
			ErrorCode:        response.ErrorCode,
			ResponseCode:     response.ResponseCode,
			ResponsePagePath: response.ResponsePagePath,
		})
	}
	place := func(property string, err error) error {
		return fault.At(r.Path, fault.In("DistributionConfig."+property, err))
	}
	config.Credentials = b.keys.addDistribution(config.ARN, r.Account)
	for i, origin := range p.Origins {
		if config.Origins[origin.Id], err = b.originOrStub(origin, func(err error) error { return place(fmt.Sprintf("Origins[%d]", i), err) }); err != nil {
			return Part{}, err
		}
	}
	for _, group := range p.OriginGroups.Items {
		if config.Origins[group.Id], err = b.stubOrigin(group.Id, group.Unknown.Err); err != nil {
			return Part{}, err
		}
	}
	if config.Default, err = b.behaviorOrStub(p.DefaultCacheBehavior, config, func(err error) error { return place("DefaultCacheBehavior", err) }); err != nil {
		return Part{}, err
	}
	for i, properties := range p.CacheBehaviors {
		behavior, err := b.behaviorOrStub(properties, config, func(err error) error { return place(fmt.Sprintf("CacheBehaviors[%d]", i), err) })
		if err != nil {
			return Part{}, err
		}
		config.Behaviors = append(config.Behaviors, behavior)
	}
	if made.Handler, err = cloudfront.New(config, b.log); err != nil {
		return Part{}, place("", err)
	}
	b.checkRoutes(r.Path, config, p.Origins)
	made.Try = b.tryDistribution(config)
	return made, nil
}

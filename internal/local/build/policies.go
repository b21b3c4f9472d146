package build

import (
	"errors"
	"fmt"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// addPolicies gives a behavior its policies, managed or from the template.
func (b *builder) addPolicies(behavior *cloudfront.Behavior, p behaviorProperties) (err error) {
	switch {
	case p.ForwardedValues != nil && p.OriginRequestPolicyId != "":
		return fault.In("ForwardedValues", fault.New("use a cache policy", "can't be used with an origin request policy"))
	case p.ForwardedValues != nil:
		behavior.CachePolicy = p.ForwardedValues.CachePolicy(p.MinTTL, p.DefaultTTL, p.MaxTTL)
	case p.CachePolicyId == "":
		return fault.In("CachePolicyId", fault.New("use a cache policy, or ForwardedValues", "is missing"))
	default:
		behavior.CachePolicy, err = policy(b, p.CachePolicyId, "CachePolicy", cloudfront.ManagedCachePolicies, cachePolicyProperties.policy)
	}
	if err == nil && p.OriginRequestPolicyId != "" {
		behavior.OriginRequestPolicy = new(cloudfront.OriginRequestPolicy)
		*behavior.OriginRequestPolicy, err = policy(b, p.OriginRequestPolicyId, "OriginRequestPolicy",
			cloudfront.ManagedOriginRequestPolicies, originRequestPolicyProperties.policy)
	}
	if err == nil && p.ResponseHeadersPolicyId != "" {
		behavior.ResponseHeadersPolicy = new(cloudfront.ResponseHeadersPolicy)
		*behavior.ResponseHeadersPolicy, err = policy(b, p.ResponseHeadersPolicyId, "ResponseHeadersPolicy",
			cloudfront.ManagedResponseHeadersPolicies, responseHeadersPolicyProperties.policy)
	}
	return err
}

// policy returns the policy of a kind that has the id. Custom policies are
// decoded into Properties and converted.
func policy[Properties, Policy any](b *builder, id, kind string, managed map[string]Policy, convert func(Properties) Policy) (found Policy, err error) {
	if found, ok := managed[id]; ok {
		return found, nil
	}
	r, properties, err := find[Properties](b, "AWS::CloudFront::"+kind, "Ref", id)
	if r == nil && errors.Is(err, template.ErrUnsupported) {
		err = unsupported("", "use the id of a managed policy, or define the policy in the app",
			fmt.Sprintf("%q isn't the id of a managed %s or of one in this assembly", id, kind))
	}
	if err != nil {
		return found, fault.In(kind+"Id", err)
	}
	return convert(properties), nil
}

// Selections are what policies select, under the names that they have there.
type (
	headersConfig struct {
		HeaderBehavior string
		Headers        []string
	}
	cookiesConfig struct {
		CookieBehavior string
		Cookies        []string
	}
	queryStringsConfig struct {
		QueryStringBehavior string
		QueryStrings        []string
	}
)

func selection(behavior string, names []string) cloudfront.Selection {
	return cloudfront.Selection{Behavior: behavior, Names: names}
}

// cachePolicyProperties are those of AWS::CloudFront::CachePolicy.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-cachepolicy-cachepolicyconfig.html
type cachePolicyProperties struct {
	CachePolicyConfig struct {
		MaxTTL                                   float64
		Name                                     string
		ParametersInCacheKeyAndForwardedToOrigin struct {
			CookiesConfig              cookiesConfig
			EnableAcceptEncodingBrotli bool
			EnableAcceptEncodingGzip   bool
			HeadersConfig              headersConfig
			QueryStringsConfig         queryStringsConfig
		}

		Comment, DefaultTTL, MinTTL template.NoEffect
	}
}

func (p cachePolicyProperties) policy() cloudfront.CachePolicy {
	c := p.CachePolicyConfig
	key := c.ParametersInCacheKeyAndForwardedToOrigin
	return cloudfront.CachePolicy{
		Name:                 c.Name,
		MaxTTL:               time.Duration(c.MaxTTL * float64(time.Second)),
		Headers:              selection(key.HeadersConfig.HeaderBehavior, key.HeadersConfig.Headers),
		Cookies:              selection(key.CookiesConfig.CookieBehavior, key.CookiesConfig.Cookies),
		QueryStrings:         selection(key.QueryStringsConfig.QueryStringBehavior, key.QueryStringsConfig.QueryStrings),
		AcceptEncodingGzip:   key.EnableAcceptEncodingGzip,
		AcceptEncodingBrotli: key.EnableAcceptEncodingBrotli,
	}
}

// originRequestPolicyProperties are those of AWS::CloudFront::OriginRequestPolicy.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-originrequestpolicy-originrequestpolicyconfig.html
type originRequestPolicyProperties struct {
	OriginRequestPolicyConfig struct {
		CookiesConfig      cookiesConfig
		HeadersConfig      headersConfig
		Name               string
		QueryStringsConfig queryStringsConfig

		Comment template.NoEffect
	}
}

func (p originRequestPolicyProperties) policy() cloudfront.OriginRequestPolicy {
	c := p.OriginRequestPolicyConfig
	return cloudfront.OriginRequestPolicy{
		Name:         c.Name,
		Headers:      selection(c.HeadersConfig.HeaderBehavior, c.HeadersConfig.Headers),
		Cookies:      selection(c.CookiesConfig.CookieBehavior, c.CookiesConfig.Cookies),
		QueryStrings: selection(c.QueryStringsConfig.QueryStringBehavior, c.QueryStringsConfig.QueryStrings),
	}
}

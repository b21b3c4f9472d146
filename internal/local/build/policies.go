package build

import (
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
)

// addPolicies gives a behavior its policies, AWS's own or the template's.
func (b *builder) addPolicies(behavior *cloudfront.Behavior, p behaviorProperties) error {
	if p.CachePolicyId == "" {
		return fault.New("use a cache policy", "has no CachePolicyId, and the settings from before cache policies aren't supported locally")
	}
	cache, err := policy(b, p.CachePolicyId, "CachePolicy", cloudfront.ManagedCachePolicy, cloudfront.NewCachePolicy)
	if err != nil {
		return err
	}
	behavior.CachePolicy = cache
	if p.OriginRequestPolicyId != "" {
		request, err := policy(b, p.OriginRequestPolicyId, "OriginRequestPolicy", cloudfront.ManagedOriginRequestPolicy, cloudfront.NewOriginRequestPolicy)
		if err != nil {
			return err
		}
		behavior.OriginRequestPolicy = &request
	}
	if p.ResponseHeadersPolicyId != "" {
		headers, err := policy(b, p.ResponseHeadersPolicyId, "ResponseHeadersPolicy", cloudfront.ManagedResponseHeadersPolicy, cloudfront.NewResponseHeadersPolicy)
		if err != nil {
			return err
		}
		behavior.ResponseHeadersPolicy = &headers
	}
	return nil
}

// policy returns the policy of a kind that has the id.
func policy[T any](
	b *builder, id, kind string,
	managed func(id string) (T, bool),
	custom func(id string, config map[string]any) (T, error),
) (T, error) {
	if found, ok := managed(id); ok {
		return found, nil
	}
	var none T
	r, err := b.deployment.Lookup("AWS::CloudFront::"+kind, "Ref", id)
	if err != nil {
		return none, fault.In(kind+"Id", err)
	}
	property, err := r.Property(kind + "Config")
	if err != nil {
		return none, err
	}
	config, ok := property.(map[string]any)
	if !ok {
		return none, wrong(r, kind+"Config", "give an object", "isn't an object")
	}
	made, err := custom(id, config)
	if err != nil {
		return none, fault.At(r.Path, err)
	}
	return made, nil
}

package build

import (
	"fmt"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
)

// addPolicies gives a behavior its policies, AWS's own or the template's.
func (b *builder) addPolicies(behavior *cloudfront.Behavior, p behaviorProperties) error {
	if p.CachePolicyId == "" {
		return fmt.Errorf("has no CachePolicyId: the local edge does not play the settings that came before cache policies")
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
		return none, fmt.Errorf("%sId: %w", kind, err)
	}
	property, err := r.Property(kind + "Config")
	if err != nil {
		return none, err
	}
	config, ok := property.(map[string]any)
	if !ok {
		return none, resourceError(r, "%sConfig is %T: give an object", kind, property)
	}
	made, err := custom(id, config)
	if err != nil {
		return none, resourceError(r, "%w", err)
	}
	return made, nil
}

package deployed

import "github.com/cloudfurl/cloudfurl/internal/local/cloudfront"

// isManaged reports whether an id is that of a policy of AWS, which nobody changes.
func isManaged(id string) bool {
	_, cache := cloudfront.ManagedCachePolicies[id]
	_, request := cloudfront.ManagedOriginRequestPolicies[id]
	return cache || request
}

package synthesis

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// forwardingChecks find the behaviors of bound origins that would serve one
// viewer's response to another, or get a 403 for every request, because of what
// their policies forward.
//
// CloudFront keeps Authorization from the origin unless it is in the cache key,
// or nothing is cached. A copy such as X-Original-Authorization passes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html#add-origin-custom-headers-forward-authorization
type forwardingChecks struct {
	*Checks
	policies      []policyResource
	distributions []distributionConfig
}

type distributionConfig struct {
	resource awscloudfront.CfnDistribution
	config   map[string]any
}

func (c *forwardingChecks) check(report reportFunc) {
	for _, distribution := range c.distributions {
		targets := c.targets(distribution)
		policies := &policies{distribution: distribution.resource, resources: c.policies}
		behaviors := append(construct.ObjectsOf(distribution.config["cacheBehaviors"]), construct.ObjectOf(distribution.config["defaultCacheBehavior"]))
		for i, behavior := range behaviors {
			if !slices.Contains(targets, behavior["targetOriginId"]) && !c.copies(distribution, behavior) {
				continue
			}
			name := fmt.Sprintf("the behavior of %v", behavior["pathPattern"])
			if i == len(behaviors)-1 {
				name = "the default behavior"
			}
			if problem := forwardingProblem(policies.find(behavior["cachePolicyId"]), policies.find(behavior["originRequestPolicyId"])); problem != "" {
				report(distribution.resource, "%s %s", name, problem)
			}
		}
	}
}

// copies reports whether a behavior runs one of the functions that copy headers.
func (c *forwardingChecks) copies(distribution distributionConfig, behavior map[string]any) bool {
	associations := construct.ObjectsOf(behavior["functionAssociations"])
	return len(associations) > 0 && slices.ContainsFunc(c.copiers, func(function awscloudfront.IFunction) bool {
		arn := distribution.resource.Stack().Resolve(function.FunctionArn())
		return slices.ContainsFunc(associations, func(association map[string]any) bool {
			return reflect.DeepEqual(association["functionArn"], arn)
		})
	})
}

// targets returns the ids by which behaviors of a distribution use the origins:
// their own, and those of origin groups.
func (c *forwardingChecks) targets(distribution distributionConfig) (targets []any) {
	address := *distribution.resource.Node().Scope().Node().Addr()
	for _, origin := range c.origins {
		if origin.distribution == address {
			targets = append(targets, origin.id)
		}
	}
	for _, group := range construct.ObjectsOf(construct.ObjectOf(distribution.config["originGroups"])["items"]) {
		for _, member := range construct.ObjectsOf(construct.ObjectOf(group["members"])["items"]) {
			if slices.Contains(targets, member["originId"]) {
				targets = append(targets, group["id"])
			}
		}
	}
	return targets
}

// forwardingProblem returns what a behavior with these policies does that a
// function URL can't be behind, or "". Without an origin request policy, only what is in the
// key is forwarded, of the headers of functions too, so even an unknown cache
// policy can't mix viewers up.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/example-function-add-true-client-ip-header.html,
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-key-understand-cache-policy.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
func forwardingProblem(cache, request *policy) string {
	for _, given := range []struct {
		policy *policy
		hint   string
	}{
		{cache, "use awscloudfront.CachePolicy_CACHING_DISABLED(), or a cache policy without Host in its key"},
		{request, "use awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER()"},
	} {
		if p := given.policy; p != nil && p.known && p.headers.picks("host") {
			return fmt.Sprintf("forwards the viewer's Host, by %s: function URLs and REST APIs answer 403 to any host but their own, "+
				"%s, handlers find the viewer's in X-Original-Host", p.name, given.hint)
		}
	}
	switch {
	case request == nil || cache == nil || !cache.caches:
		return ""
	case !cache.known || !request.known:
		return fmt.Sprintf("may cache by %s, and this app doesn't say whether that key has all that %s forwards: one viewer's response could reach others, "+
			"define both policies here, leave the origin request policy out, or use awscloudfront.CachePolicy_CACHING_DISABLED()", cache.name, request.name)
	}
	for _, part := range []struct {
		name           string
		key, forwarded selection
	}{
		{"headers", cache.headers, request.headers},
		{"cookies", cache.cookies, request.cookies},
		{"query strings", cache.queryStrings, request.queryStrings},
	} {
		if !part.key.covers(part.forwarded) {
			return fmt.Sprintf("caches by %s, and %s forwards %s that aren't in that key: one viewer's response would reach others, "+
				"use awscloudfront.CachePolicy_CACHING_DISABLED(), or the CachePolicy of a PageCache, whose key has what the handler reads, "+
				"and no origin request policy", cache.name, request.name, part.name)
		}
	}
	return ""
}

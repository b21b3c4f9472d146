package infra

import (
	"fmt"
	"slices"
	"strings"
)

// A planFeature is a property that not all flat-rate plans support.
type planFeature struct {
	// property is a path; Behaviors stands for the default behavior and the
	// others.
	property string
	name     string

	// from is the smallest plan with the feature, or "" if none has it.
	from FlatRatePlan
	cure string

	// uses reports whether a value uses the feature; by default each value does
	// except for false and "".
	uses func(value any) bool
}

func (f *planFeature) isUsed(value any) bool {
	return isUsedValue(value) && (f.uses == nil || f.uses(value))
}

// Limits of the Free, Pro, Business and Premium plans. AWS doesn't say whether
// the default behavior counts; here it doesn't.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html#pricing-plan-features
var (
	maxPlanBehaviors = []int{5, 10, 50, 100}
	maxPlanRules     = []int{5, 25, 50, 75}
)

// distributionFeatures are properties of a DistributionConfig.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html#pricing-plan-disallowed-features
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html#pricing-plan-features
var distributionFeatures = []planFeature{
	{property: "TenantConfig", name: "multi-tenant distributions", cure: "use a standard distribution"},
	{property: "ConnectionMode", name: "multi-tenant distributions", cure: "use a standard distribution", uses: isOneOf("tenant-only")},
	{property: "ContinuousDeploymentPolicyId", name: "continuous deployment", cure: "remove it"},
	{property: "Staging", name: "staging distributions", cure: "remove it"},
	{property: "AnycastIpListId", name: "anycast IP lists", cure: "remove it"},
	{property: "Behaviors.RealtimeLogConfigArn", name: "real-time logs", cure: "use AccessLogs"},
	{property: "Behaviors.FieldLevelEncryptionId", name: "field-level encryption", cure: "remove it"},
	{property: "Behaviors.ForwardedValues", name: "ForwardedValues", cure: "give a cache policy and an origin request policy"},
	{property: "Behaviors.MinTTL", name: "legacy cache settings", cure: "give a cache policy"},
	{property: "Behaviors.DefaultTTL", name: "legacy cache settings", cure: "give a cache policy"},
	{property: "Behaviors.MaxTTL", name: "legacy cache settings", cure: "give a cache policy"},
	{property: "ViewerCertificate.SslSupportMethod", name: "dedicated IP addresses", cure: "use sni-only", uses: isOneOf("vip", "static-ip")},
	{property: "ViewerCertificate.IamCertificateId", name: "IAM server certificates", cure: "use a certificate of ACM"},
	{property: "Origins[].S3OriginConfig.OriginAccessIdentity", name: "origin access identities", cure: "use an origin access control"},

	{property: "CacheTagConfig", name: "cache tags", from: FlatRatePlan_PRO, cure: "remove it"},
	{property: "Logging", name: "access logs", from: FlatRatePlan_PRO, cure: "remove it"},
	{property: "Behaviors.CachePolicyId", name: "custom cache policies", from: FlatRatePlan_BUSINESS, cure: "use a managed policy", uses: isReference},
	{property: "Behaviors.OriginRequestPolicyId", name: "custom origin request policies", from: FlatRatePlan_BUSINESS, cure: "use a managed policy", uses: isReference},
	{property: "Behaviors.ResponseHeadersPolicyId", name: "custom response headers policies", from: FlatRatePlan_BUSINESS, cure: "use a managed policy", uses: isReference},
	{property: "Origins[].VpcOriginConfig", name: "VPC origins", from: FlatRatePlan_BUSINESS, cure: "use another origin"},
	{property: "Origins[].CustomOriginConfig.OriginMtlsConfig", name: "mutual TLS with origins", from: FlatRatePlan_BUSINESS, cure: "remove it"},
	{property: "Origins[].OriginShield.Enabled", name: "Origin Shield", from: FlatRatePlan_PREMIUM, cure: "turn it off"},
	{property: "OriginGroups.Items[]", name: "origin failover", from: FlatRatePlan_PREMIUM, cure: "remove the origin group"},
	{property: "ViewerMtlsConfig", name: "mutual TLS with viewers", from: FlatRatePlan_PREMIUM, cure: "remove it"},
}

// ruleFeatures are properties of a web ACL's rule.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html#pricing-plan-disallowed-features
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html#pricing-plan-features
var ruleFeatures = []planFeature{
	{property: "Statement.RuleGroupReferenceStatement", name: "rule groups of your own", cure: "make their rules rules of the web ACL"},
	{property: "Statement.ManagedRuleGroupStatement.VendorName", name: "rule groups of AWS's partners", cure: "use AWS's",
		uses: func(value any) bool { return !isOneOf(ruleGroupVendor)(value) }},
	{property: "Statement.ManagedRuleGroupStatement.Name", name: "fraud prevention and account takeover protection", cure: "remove the rule",
		uses: isOneOf(ruleGroupPrefix+"ACFPRuleSet", ruleGroupPrefix+"ATPRuleSet")},
	{property: "Statement.ManagedRuleGroupStatement.ManagedRuleGroupConfigs[].AWSManagedRulesBotControlRuleSet.InspectionLevel",
		name: "targeted bots", cure: "use COMMON", uses: isOneOf("TARGETED")},

	{property: "Statement.ManagedRuleGroupStatement.Name", name: "rule groups for a platform", from: FlatRatePlan_PRO, cure: "remove the rule",
		uses: isOneOf(ruleGroupPrefix+"WordPressRuleSet", ruleGroupPrefix+"PHPRuleSet", ruleGroupPrefix+"SQLiRuleSet",
			ruleGroupPrefix+"LinuxRuleSet", ruleGroupPrefix+"UnixRuleSet", ruleGroupPrefix+"WindowsRuleSet")},
	{property: "Action.Captcha", name: "CAPTCHA", from: FlatRatePlan_PRO, cure: "use another action"},
	{property: "Action.Block.CustomResponse", name: "custom responses", from: FlatRatePlan_PRO, cure: "remove it"},
	{property: "Action.Challenge", name: "challenges", from: FlatRatePlan_BUSINESS, cure: "use another action"},
	{property: "Statement.ManagedRuleGroupStatement.Name", name: "Bot Control and DDoS rule groups", from: FlatRatePlan_BUSINESS, cure: "remove the rule",
		uses: isOneOf(ruleGroupPrefix+"BotControlRuleSet", ruleGroupPrefix+"AntiDDoSRuleSet")},
}

// isOneOf returns a function that reports whether a value is one of the texts.
func isOneOf(texts ...string) func(any) bool {
	return func(value any) bool {
		s, ok := value.(string)
		return ok && slices.Contains(texts, s)
	}
}

// isReference reports whether a value refers to a resource of an app.
func isReference(value any) bool {
	_, ok := value.(map[string]any)
	return ok
}

// isUsedValue reports whether a value isn't nil, false or "". Empty objects are
// used: those of actions have no properties.
func isUsedValue(value any) bool {
	return value != nil && value != false && value != ""
}

// A foundValue is a value and its path.
type foundValue struct {
	path  string
	value any
}

// valuesAt returns the values at a path within a resolved value. Names differ
// between Go, where they are in camel case, and templates.
func valuesAt(value any, path string) []foundValue {
	if rest, ok := strings.CutPrefix(path, "Behaviors."); ok {
		return append(valuesAt(value, "DefaultCacheBehavior."+rest), valuesAt(value, "CacheBehaviors[]."+rest)...)
	}
	step, rest, more := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(step, "[]")
	object, _ := value.(map[string]any)
	var steps []foundValue
	for key, child := range object {
		if !strings.EqualFold(key, name) {
			continue
		}
		list, ok := child.([]any)
		if !isList || !ok {
			if !isList {
				steps = append(steps, foundValue{name, child})
			}
			continue
		}
		for i, item := range list {
			steps = append(steps, foundValue{fmt.Sprintf("%s[%d]", name, i), item})
		}
	}
	if !more {
		return steps
	}
	var found []foundValue
	for _, s := range steps {
		for _, f := range valuesAt(s.value, rest) {
			found = append(found, foundValue{s.path + "." + f.path, f.value})
		}
	}
	return found
}

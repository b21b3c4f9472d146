package infra

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// FlatRatePlan is a flat-rate pricing plan of CloudFront.
type FlatRatePlan string

// The plans, from the smallest to the largest.
const (
	FlatRatePlan_FREE     FlatRatePlan = "FREE"
	FlatRatePlan_PRO      FlatRatePlan = "PRO"
	FlatRatePlan_BUSINESS FlatRatePlan = "BUSINESS"
	FlatRatePlan_PREMIUM  FlatRatePlan = "PREMIUM"
)

var flatRatePlans = []FlatRatePlan{FlatRatePlan_FREE, FlatRatePlan_PRO, FlatRatePlan_BUSINESS, FlatRatePlan_PREMIUM}

// CheckFlatRatePlan makes synthesis fail if a distribution in scope, such as
// that of an Endpoint, uses what AWS doesn't support on the plan. It subscribes
// to nothing: CloudFormation can't. It panics with an *Error if the plan is
// unknown.
//
// It checks the distribution, what it shares with other distributions of its app
// or stage, and its web ACL if the app defines that. It rejects what AWS lists,
// except for what a template doesn't show: whether an imported policy is AWS's,
// functions shared between stacks, the domains and the account. It doesn't read
// what the statement of a rule matches, which needs larger plans for headers and
// regular expressions. AWS doesn't list price classes, so they aren't checked:
// leave PriceClass at its default.
//
// All plans support Lambda@Edge, but AWS charges for its requests besides the
// plan; BodyHashing_VIEWER avoids that.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html
func CheckFlatRatePlan(scope constructs.Construct, plan FlatRatePlan) {
	defer within(scope, nil)
	if !slices.Contains(flatRatePlans, plan) {
		fail(scope, nil, "got FlatRatePlan %q: give one of infra's constants, such as infra.FlatRatePlan_PRO", string(plan))
	}
	scope.Node().AddValidation(&flatRateValidation{scope: scope, plan: plan})
}

// A flatRateValidation reports at synthesis what a plan doesn't support. It
// implements constructs.IValidation.
type flatRateValidation struct {
	scope    constructs.IConstruct
	plan     FlatRatePlan
	problems []*string
}

// Validate returns a sentence for each property that the plan doesn't support.
func (v *flatRateValidation) Validate() *[]*string {
	v.problems = []*string{}
	app := flatRateAppOf(v.scope)
	for _, distribution := range app.distributions {
		if !isWithin(distribution, v.scope) {
			continue
		}
		v.checkFeatures(distribution, "DistributionConfig", distribution.config, distributionFeatures)
		if n := len(valuesAt(distribution.config, "CacheBehaviors[]")); n > v.number(maxPlanBehaviors) {
			v.report(distribution, "DistributionConfig.CacheBehaviors", "got %d behaviors besides the default one: the %s plan allows %d, merge some or use a larger plan",
				n, v.plan, v.number(maxPlanBehaviors))
		}
		v.checkAccessLogs(app, distribution)
		v.checkFunctions(app, distribution)
		v.checkWebAcl(app, distribution)
	}
	return &v.problems
}

// report adds a problem of a construct's property.
func (v *flatRateValidation) report(c constructs.IConstruct, property, format string, args ...any) {
	v.problems = append(v.problems, jsii.String(fmt.Sprintf("%s, %s: %s", resourcePath(c), property, fmt.Sprintf(format, args...))))
}

// number returns the plan's number of those for each plan.
func (v *flatRateValidation) number(numbers []int) int {
	return numbers[slices.Index(flatRatePlans, v.plan)]
}

// checkFeatures reports the features of a resolved value, which is the property
// at of c, that the plan doesn't support.
func (v *flatRateValidation) checkFeatures(c constructs.IConstruct, at string, value any, features []planFeature) {
	for _, f := range features {
		if f.from != "" && slices.Index(flatRatePlans, v.plan) >= slices.Index(flatRatePlans, f.from) {
			continue
		}
		for _, found := range valuesAt(value, f.property) {
			if !f.isUsed(found.value) {
				continue
			}
			if f.from == "" {
				v.report(c, at+"."+found.path, "flat-rate plans don't support %s: %s or stay on pay-as-you-go pricing", f.name, f.cure)
			} else {
				v.report(c, at+"."+found.path, "the %s plan doesn't support %s: %s or use the %s plan", v.plan, f.name, f.cure, f.from)
			}
		}
	}
}

// checkAccessLogs reports standard logging (v2), which isn't a property of the
// distribution.
func (v *flatRateValidation) checkAccessLogs(app *flatRateApp, distribution *flatRateDistribution) {
	if v.plan != FlatRatePlan_FREE {
		return
	}
	id := *awscdk.Stack_Of(distribution.CfnDistribution).GetLogicalId(distribution.CfnDistribution)
	for _, source := range app.sources {
		// A reference from another stack has the logical id in its name.
		if strings.Contains(referenceKey(source, source.ResourceArn()), id) {
			v.report(source, "ResourceArn", "the FREE plan doesn't support access logs: remove AccessLogs or use the PRO plan")
		}
	}
}

// checkFunctions reports functions and key value stores that the distribution
// shares with others, and stores that the plan doesn't support.
func (v *flatRateValidation) checkFunctions(app *flatRateApp, distribution *flatRateDistribution) {
	for _, key := range distribution.functions {
		store := app.stores[key]
		if store != "" && v.plan == FlatRatePlan_FREE {
			v.report(distribution, "DistributionConfig", "the FREE plan doesn't support key value stores: remove KeyValueStore or use the PRO plan")
		}
		for _, other := range app.others(distribution) {
			switch {
			case slices.Contains(other.functions, key):
				v.report(distribution, "DistributionConfig", "shares a CloudFront Function with %s: on a flat-rate plan each distribution needs its own, define another one", other.path())
			case store != "" && slices.ContainsFunc(other.functions, func(key string) bool { return app.stores[key] == store }):
				v.report(distribution, "DistributionConfig", "shares a key value store with %s: on a flat-rate plan each distribution needs its own, define another one", other.path())
			}
		}
	}
}

// checkWebAcl reports a web ACL that is missing, shared, or has rules that the
// plan doesn't support.
func (v *flatRateValidation) checkWebAcl(app *flatRateApp, distribution *flatRateDistribution) {
	const property = "DistributionConfig.WebACLId"
	if distribution.webAcl == "" {
		v.report(distribution, property, "flat-rate plans require a web ACL: give WebAcl or WebAclId")
		return
	}
	for _, other := range app.others(distribution) {
		if other.webAcl == distribution.webAcl {
			v.report(distribution, property, "shares a web ACL with %s: on a flat-rate plan each distribution needs its own, define another one", other.path())
		}
	}
	i := slices.IndexFunc(app.webAcls, func(acl awswafv2.CfnWebACL) bool { return isReferredTo(acl, distribution.webAcl) })
	if i < 0 {
		return
	}
	acl := app.webAcls[i]
	rules := valuesAt(map[string]any{"Rules": resolved(acl, acl.Rules())}, "Rules[]")
	// Inferred: a rule with a managed rule group counts as one.
	if n := len(rules); n > v.number(maxPlanRules) {
		v.report(acl, "Rules", "got %d rules: the %s plan allows %d, remove some or use a larger plan", n, v.plan, v.number(maxPlanRules))
	}
	for _, rule := range rules {
		v.checkFeatures(acl, rule.path, rule.value, ruleFeatures)
	}
}

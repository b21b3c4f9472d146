package infra

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// WebAclProps are the properties of a WebAcl.
type WebAclProps struct {
	// AllowedAddresses are the addresses of the viewers that may send requests, IPv4
	// and IPv6, each an address such as "192.0.2.44" or a range in CIDR notation such
	// as "192.0.2.0/24" and "2001:db8::/32", but /0; at most 10,000 of each version.
	// They can't be tokens. AWS WAF responds with 403 to all others, and applies the
	// other rules to the allowed. Viewers with IPv6 need their IPv6 range here, unless
	// EnableIpv6 of the distribution is false.
	//
	// See: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-ipset-match.html
	//
	// Default: all addresses
	AllowedAddresses *[]*string

	// RateLimit is how many requests an IP address may send in 5 minutes; 10 to
	// 2,000,000,000. AWS WAF blocks further ones.
	//
	// Default: no limit
	RateLimit *float64

	// ManagedRuleGroups are the names of rule groups of AWS that need no settings, in
	// the order in which they inspect requests.
	//
	// Default: AWSManagedRulesAmazonIpReputationList,
	// AWSManagedRulesCommonRuleSet and AWSManagedRulesKnownBadInputsRuleSet
	ManagedRuleGroups *[]*string

	// CountedRules are rules of ManagedRuleGroups that count requests instead of
	// blocking them, such as "AWSManagedRulesCommonRuleSet/NoUserAgent_HEADER".
	//
	// Default: AWSManagedRulesCommonRuleSet/SizeRestrictions_BODY, which would
	// block bodies over 8 KB
	CountedRules *[]*string
}

// A WebAcl defines an AWS WAF web ACL for distributions, which blocks what its
// rules match. It is in us-east-1: if its stack is in another region, in a stack
// that has the name of the WebAcl's and "-UsEast1", and must be deployed, too.
type WebAcl struct {
	construct.Base

	// WebAcl is the web ACL.
	WebAcl awswafv2.CfnWebACL

	// WebAclId is the web ACL's ARN, for the distribution's WebAclId.
	WebAclId *string
}

// Rule groups of AWS.
//
// See: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
const (
	ruleGroupVendor    = "AWS"
	reputationGroup    = "AWSManagedRulesAmazonIpReputationList"
	commonGroup        = "AWSManagedRulesCommonRuleSet"
	badInputsGroup     = "AWSManagedRulesKnownBadInputsRuleSet"
	sizeOfBody         = commonGroup + "/SizeRestrictions_BODY"
	rateLimitRule      = "RateLimit"
	otherAddressesRule = "OtherAddresses"
	rateLimitSeconds   = 300
)

// webAclScope is the scope of what AWS WAF does for distributions, in us-east-1.
//
// See: https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
const webAclScope = "CLOUDFRONT"

// maxMetricName is the longest name of a web ACL's metric.
//
// See: https://docs.aws.amazon.com/waf/latest/APIReference/API_VisibilityConfig.html
const maxMetricName = 128

// NewWebAcl defines a WebAcl. The props may be nil. It panics with an *Error if
// AllowedAddresses aren't addresses or ranges, or CountedRules name no rule of a group.
func NewWebAcl(scope constructs.Construct, id *string, props *WebAclProps) *WebAcl {
	defer construct.Within(scope, id, props)()
	options := construct.CopyOf(props)
	options.ManagedRuleGroups = cmp.Or(options.ManagedRuleGroups, jsii.Strings(reputationGroup, commonGroup, badInputsGroup))
	options.validate(scope, id)
	allowed := options.allowedRanges(scope, id)

	w := new(WebAcl)
	constructs.NewConstruct_Override(w, scope, id)
	place := construct.InUsEast1(w)
	w.WebAcl = awswafv2.NewCfnWebACL(place.Scope, jsii.String("WebAcl"), &awswafv2.CfnWebACLProps{
		Scope:            jsii.String(webAclScope),
		DefaultAction:    &awswafv2.CfnWebACL_DefaultActionProperty{Allow: &awswafv2.CfnWebACL_AllowActionProperty{}},
		Rules:            options.rules(place.Scope, allowed),
		VisibilityConfig: visible(*awscdk.Names_UniqueResourceName(w, &awscdk.UniqueResourceNameOptions{MaxLength: jsii.Number(maxMetricName)})),
	})
	w.WebAclId = place.Arn(w.WebAcl.AttrArn())
	return w
}

// rules returns the rules in their order: the block of other addresses and the rate
// limit, if they are given, and then the rule groups.
func (p *WebAclProps) rules(scope constructs.Construct, allowed addressRanges) *[]any {
	rules := []any{}
	add := func(rule awswafv2.CfnWebACL_RuleProperty) {
		rule.Priority = jsii.Number(float64(len(rules)))
		rule.VisibilityConfig = visible(*rule.Name)
		rules = append(rules, &rule)
	}
	block := &awswafv2.CfnWebACL_RuleActionProperty{Block: &awswafv2.CfnWebACL_BlockActionProperty{}}
	if allowed != nil {
		add(awswafv2.CfnWebACL_RuleProperty{Name: jsii.String(otherAddressesRule), Action: block, Statement: allowed.outside(scope)})
	}
	if p.RateLimit != nil {
		add(awswafv2.CfnWebACL_RuleProperty{Name: jsii.String(rateLimitRule), Action: block, Statement: &awswafv2.CfnWebACL_StatementProperty{
			RateBasedStatement: &awswafv2.CfnWebACL_RateBasedStatementProperty{
				AggregateKeyType:    jsii.String("IP"),
				EvaluationWindowSec: jsii.Number(rateLimitSeconds),
				Limit:               p.RateLimit,
			},
		}})
	}
	for _, group := range *p.ManagedRuleGroups {
		statement := &awswafv2.CfnWebACL_ManagedRuleGroupStatementProperty{
			Name:       group,
			VendorName: jsii.String(ruleGroupVendor),
		}
		if counted := p.countedIn(*group); len(counted) > 0 {
			statement.RuleActionOverrides = &counted
		}
		add(awswafv2.CfnWebACL_RuleProperty{
			Name:           group,
			OverrideAction: &awswafv2.CfnWebACL_OverrideActionProperty{None: map[string]any{}},
			Statement:      &awswafv2.CfnWebACL_StatementProperty{ManagedRuleGroupStatement: statement},
		})
	}
	return &rules
}

// countedIn returns the overrides of a group's rules that only count.
func (p *WebAclProps) countedIn(group string) []any {
	counted := cmp.Or(p.CountedRules, jsii.Strings(sizeOfBody))
	var overrides []any
	for _, rule := range *counted {
		if name, ok := strings.CutPrefix(*rule, group+"/"); ok {
			overrides = append(overrides, &awswafv2.CfnWebACL_RuleActionOverrideProperty{
				Name:        jsii.String(name),
				ActionToUse: &awswafv2.CfnWebACL_RuleActionProperty{Count: &awswafv2.CfnWebACL_CountActionProperty{}},
			})
		}
	}
	return overrides
}

// visible makes AWS WAF publish a metric, and show some of the requests.
func visible(metric string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
	return &awswafv2.CfnWebACL_VisibilityConfigProperty{
		CloudWatchMetricsEnabled: jsii.Bool(true),
		MetricName:               jsii.String(metric),
		SampledRequestsEnabled:   jsii.Bool(true),
	}
}

// validate panics with an *Error about the construct id in scope if a counted rule is in
// none of the groups: AWS WAF ignores overrides of rules that don't exist.
func (p *WebAclProps) validate(scope constructs.Construct, id *string) {
	groups := texts(p.ManagedRuleGroups)
	for _, rule := range texts(p.CountedRules) {
		group, name, found := strings.Cut(rule, "/")
		if !found || name == "" || !slices.Contains(groups, group) {
			construct.Fail(scope, id, "got %q in CountedRules: use a group of ManagedRuleGroups, a slash and the rule, such as %q", rule, sizeOfBody)
		}
	}
}

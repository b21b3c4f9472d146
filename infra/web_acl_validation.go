package infra

import (
	"math"
	"slices"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// AWS WAF's limits for a rate-based rule, in requests.
//
// See: https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
const (
	minRateLimit = 10
	maxRateLimit = 2_000_000_000
)

// configuredGroups are rule groups that need settings, such as the path of a
// login page.
//
// See: https://docs.aws.amazon.com/waf/latest/APIReference/API_ManagedRuleGroupConfig.html
var configuredGroups = []string{ruleGroupPrefix + "ATPRuleSet", ruleGroupPrefix + "ACFPRuleSet", ruleGroupPrefix + "AntiDDoSRuleSet"}

// validate panics with an *Error about the construct id in scope if AWS WAF
// wouldn't accept the rules.
func (p *WebAclProps) validate(scope constructs.Construct, id *string) {
	if n := p.RateLimit; n != nil && construct.IsNumber(n) && (*n < minRateLimit || *n > maxRateLimit || *n != math.Trunc(*n)) {
		construct.Fail(scope, id, "got RateLimit %v: give %d to %d whole requests in 5 minutes", *n, minRateLimit, maxRateLimit)
	}
	var groups []string
	for _, group := range *p.ManagedRuleGroups {
		switch {
		case !strings.HasPrefix(*group, ruleGroupPrefix):
			construct.Fail(scope, id, "got %q in ManagedRuleGroups: give names of AWS's groups, such as %q, or a web ACL with other groups by WebAclId",
				*group, commonGroup)
		case slices.Contains(groups, *group):
			construct.Fail(scope, id, "got %s twice in ManagedRuleGroups: give each group once", *group)
		case slices.Contains(configuredGroups, *group):
			construct.Fail(scope, id, "got %s in ManagedRuleGroups, which needs settings: define the web ACL yourself and give its ARN as WebAclId", *group)
		}
		groups = append(groups, *group)
	}
	if p.CountedRules == nil {
		return
	}
	// AWS WAF ignores overrides of rules that don't exist.
	for _, rule := range *p.CountedRules {
		group, name, found := strings.Cut(*rule, "/")
		if !found || name == "" || !slices.Contains(groups, group) {
			construct.Fail(scope, id, "got %q in CountedRules: give a group of ManagedRuleGroups, a slash and the rule, such as %q", *rule, sizeOfBody)
		}
	}
}

package infra_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestWebAcl_is_in_us_east_1_for_stacks_in_every_region(t *testing.T) {
	for name, region := range map[string]string{"another region": "eu-west-1", "us-east-1": "us-east-1", "environment-agnostic": ""} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			newEndpoint(newStack(app, "Consumer", region), infra.EndpointProps{WebAcl: &infra.WebAclProps{}})
			templates := synthtest.Templates(app)
			used := synthtest.At(t, templates["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "WebACLId")

			if region == "us-east-1" {
				acl := templates["Consumer"].Only(t, "AWS::WAFv2::WebACL")
				if got := synthtest.At(t, used, "Fn::GetAtt", 0); got != acl.LogicalID {
					t.Errorf("got web ACL %v, want %s", got, acl.LogicalID)
				}
				return
			}
			acl := templates["Consumer-UsEast1"].Only(t, "AWS::WAFv2::WebACL")
			if got := acl.Properties["Scope"]; got != "CLOUDFRONT" {
				t.Errorf("got scope %v, want CLOUDFRONT", got)
			}
			reference := synthtest.At(t, used, "Fn::GetStackOutput")
			if got := synthtest.At(t, reference, "Region"); got != "us-east-1" {
				t.Errorf("got region %v, want us-east-1", got)
			}
			output := synthtest.At(t, reference, "OutputName").(string)
			if got := synthtest.At(t, templates["Consumer-UsEast1"], "Outputs", output, "Value", "Fn::GetAtt", 0); got != acl.LogicalID {
				t.Errorf("got %v in the output, want the web ACL %s", got, acl.LogicalID)
			}
		})
	}
}

// rules returns the rules of the web ACL with the options.
func rules(t *testing.T, options infra.WebAclProps) []any {
	t.Helper()
	app := newApp()
	infra.NewWebAcl(newStack(app, "Mine", "us-east-1"), jsii.String("WebAcl"), &options)
	return synthtest.Templates(app)["Mine"].Only(t, "AWS::WAFv2::WebACL").Properties["Rules"].([]any)
}

func TestWebAcl_has_three_rule_groups_by_default(t *testing.T) {
	got := rules(t, infra.WebAclProps{})
	for i, want := range []string{"AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"} {
		group := synthtest.At(t, got[i], "Statement", "ManagedRuleGroupStatement")
		if name, vendor := synthtest.At(t, group, "Name"), synthtest.At(t, group, "VendorName"); name != want || vendor != "AWS" {
			t.Errorf("got group %v of %v, want %s of AWS", name, vendor, want)
		}
		if priority := synthtest.At(t, got[i], "Priority"); priority != float64(i) {
			t.Errorf("got priority %v of %s, want %d", priority, want, i)
		}
		if action := synthtest.Text(t, synthtest.At(t, got[i], "OverrideAction")); action != `{"None":{}}` {
			t.Errorf("got override %s of %s, want none", action, want)
		}
	}
	if len(got) != 3 {
		t.Errorf("got %d rules, want 3", len(got))
	}
}

func TestWebAcl_lets_long_bodies_pass(t *testing.T) {
	common := synthtest.At(t, rules(t, infra.WebAclProps{})[1], "Statement", "ManagedRuleGroupStatement")
	want := `[{"ActionToUse":{"Count":{}},"Name":"SizeRestrictions_BODY"}]`
	if got := synthtest.Text(t, synthtest.At(t, common, "RuleActionOverrides")); got != want {
		t.Errorf("got overrides %s, want %s", got, want)
	}
}

func TestWebAcl_limits_the_rate_before_other_rules(t *testing.T) {
	got := rules(t, infra.WebAclProps{
		RateLimit:         jsii.Number(1000),
		ManagedRuleGroups: jsii.Strings("AWSManagedRulesSQLiRuleSet"),
		CountedRules:      jsii.Strings("AWSManagedRulesSQLiRuleSet/SQLi_BODY"),
	})
	if len(got) != 2 {
		t.Fatalf("got %d rules, want 2", len(got))
	}
	limit := synthtest.At(t, got[0], "Statement", "RateBasedStatement")
	for key, want := range map[string]any{"Limit": 1000.0, "AggregateKeyType": "IP", "EvaluationWindowSec": 300.0} {
		if value := synthtest.At(t, limit, key); value != want {
			t.Errorf("got %s %v, want %v", key, value, want)
		}
	}
	if action := synthtest.Text(t, synthtest.At(t, got[0], "Action")); action != `{"Block":{}}` {
		t.Errorf("got action %s, want Block", action)
	}
	if text := synthtest.Text(t, got[1]); !strings.Contains(text, `"Name":"SQLi_BODY"`) || !strings.Contains(text, `"Priority":1`) {
		t.Errorf("got %s, want the group with priority 1 and its rule overridden", text)
	}
}

func TestWebAcl_rejects_rules(t *testing.T) {
	for name, test := range map[string]struct {
		options infra.WebAclProps
		want    []string
	}{
		"too low a limit":    {infra.WebAclProps{RateLimit: jsii.Number(9)}, []string{"RateLimit 9", "10 to 2000000000"}},
		"a fraction":         {infra.WebAclProps{RateLimit: jsii.Number(10.5)}, []string{"RateLimit 10.5", "whole requests"}},
		"a group of others":  {infra.WebAclProps{ManagedRuleGroups: jsii.Strings("OWASP")}, []string{`"OWASP"`, "AWSManagedRulesCommonRuleSet", "WebAclId"}},
		"a group twice":      {infra.WebAclProps{ManagedRuleGroups: jsii.Strings("AWSManagedRulesCommonRuleSet", "AWSManagedRulesCommonRuleSet")}, []string{"twice"}},
		"a group to set up":  {infra.WebAclProps{ManagedRuleGroups: jsii.Strings("AWSManagedRulesATPRuleSet")}, []string{"needs settings", "WebAclId"}},
		"a rule by its name": {infra.WebAclProps{CountedRules: jsii.Strings("SizeRestrictions_BODY")}, []string{`"SizeRestrictions_BODY" in CountedRules`, "a slash"}},
		"a rule of no group": {infra.WebAclProps{CountedRules: jsii.Strings("AWSManagedRulesLinuxRuleSet/LFI_URIPATH")}, []string{"LFI_URIPATH", "a group of ManagedRuleGroups"}},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			message := synthtest.Failure(t, func() { newEndpoint(newStack(app, "Consumer", ""), infra.EndpointProps{WebAcl: &test.options}) })
			for _, want := range append(test.want, "Consumer/Api/WebAcl: ") {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}

func TestEndpoint_certificate_and_web_acl_share_a_stack(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	zone := importedZone(stack)
	for _, id := range []string{"Api", "Admin"} {
		infra.NewEndpoint(stack, jsii.String(id), &infra.EndpointProps{
			Handler:     infra.GoHandler("./testdata/handler"),
			DomainNames: jsii.Strings(strings.ToLower(id) + ".example.com"),
			HostedZone:  zone,
			WebAcl:      &infra.WebAclProps{},
		})
	}
	beside := synthtest.Templates(app)["Consumer-UsEast1"]
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(beside)))
	got := fmt.Sprint(len(beside.Resources("AWS::CertificateManager::Certificate")), len(beside.Resources("AWS::WAFv2::WebACL")), len(beside.Outputs()))
	if got != "2 2 4" {
		t.Errorf("got %s certificates, web ACLs and outputs, want 2 2 4", got)
	}
}

package infra_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
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

func TestWebAcl_blocks_other_addresses_before_other_rules(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{WebAcl: &infra.WebAclProps{
		AllowedAddresses: jsii.Strings("192.0.2.44", "2001:db8::/32", "198.51.100.0/24", "2001:db8::1"),
		RateLimit:        jsii.Number(1000),
	}})
	beside := synthtest.Templates(app)["Consumer-UsEast1"]

	var references []string
	for _, version := range []struct{ name, addresses string }{
		{"IPV4", `["192.0.2.44/32","198.51.100.0/24"]`},
		{"IPV6", `["2001:db8::/32","2001:db8::1/128"]`},
	} {
		for _, set := range beside.Resources("AWS::WAFv2::IPSet") {
			if set.Properties["IPAddressVersion"] != version.name {
				continue
			}
			if got := synthtest.Text(t, set.Properties["Addresses"]); got != version.addresses || set.Properties["Scope"] != "CLOUDFRONT" {
				t.Errorf("got addresses %s and scope %v, want %s and CLOUDFRONT", got, set.Properties["Scope"], version.addresses)
			}
			references = append(references, fmt.Sprintf(`{"IPSetReferenceStatement":{"Arn":{"Fn::GetAtt":[%q,"Arn"]}}}`, set.LogicalID))
		}
	}
	acl := beside.Only(t, "AWS::WAFv2::WebACL").Properties
	got := acl["Rules"].([]any)
	want := `{"NotStatement":{"Statement":{"OrStatement":{"Statements":[` + strings.Join(references, ",") + `]}}}}`
	if statement := synthtest.Text(t, synthtest.At(t, got[0], "Statement")); statement != want || len(references) != 2 {
		t.Errorf("got statement %s, want %s", statement, want)
	}
	if action := synthtest.Text(t, synthtest.At(t, got[0], "Action")); action != `{"Block":{}}` {
		t.Errorf("got action %s, want Block", action)
	}
	if action := synthtest.Text(t, acl["DefaultAction"]); action != `{"Allow":{}}` {
		t.Errorf("got default action %s, want Allow, for those that no rule blocks", action)
	}
	for i, want := range []string{"OtherAddresses", "RateLimit", "AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"} {
		if name, priority := synthtest.At(t, got[i], "Name"), synthtest.At(t, got[i], "Priority"); name != want || priority != float64(i) {
			t.Errorf("got rule %v with priority %v, want %s with %d", name, priority, want, i)
		}
	}
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(beside)))
}

// It matches nobody, so all of IPv6 is blocked.
func TestWebAcl_defines_an_empty_set_of_the_version_that_has_no_address(t *testing.T) {
	app := newApp()
	infra.NewWebAcl(newStack(app, "Mine", "us-east-1"), jsii.String("WebAcl"), &infra.WebAclProps{AllowedAddresses: jsii.Strings("192.0.2.0/24")})
	tmpl := synthtest.Templates(app)["Mine"]
	got := map[any]string{}
	for _, set := range tmpl.Resources("AWS::WAFv2::IPSet") {
		got[set.Properties["IPAddressVersion"]] = synthtest.Text(t, set.Properties["Addresses"])
	}
	if want := map[any]string{"IPV4": `["192.0.2.0/24"]`, "IPV6": "[]"}; !maps.Equal(got, want) {
		t.Errorf("got sets %v, want %v", got, want)
	}
}

func TestWebAcl_rejects_rules(t *testing.T) {
	for name, test := range map[string]struct {
		options infra.WebAclProps
		want    []string
	}{
		"a rule by its name": {infra.WebAclProps{CountedRules: jsii.Strings("SizeRestrictions_BODY")}, []string{`"SizeRestrictions_BODY" in CountedRules`, "a slash"}},
		"no address":         {infra.WebAclProps{AllowedAddresses: &[]*string{}}, []string{"got 0 AllowedAddresses", "allow everyone"}},
		"a host name":        {infra.WebAclProps{AllowedAddresses: jsii.Strings("192.0.2.1", "office.example.com")}, []string{`"office.example.com" in AllowedAddresses`, "CIDR"}},
		"a wrong address":    {infra.WebAclProps{AllowedAddresses: jsii.Strings("192.0.2.256/32")}, []string{`"192.0.2.256/32" in AllowedAddresses`}},
		"all of IPv4":        {infra.WebAclProps{AllowedAddresses: jsii.Strings("0.0.0.0/0")}, []string{`"0.0.0.0/0" in AllowedAddresses`, "smaller than /0"}},
		"all of IPv6":        {infra.WebAclProps{AllowedAddresses: jsii.Strings("::/0")}, []string{`"::/0" in AllowedAddresses`, "smaller than /0"}},
		"IPv4 in IPv6":       {infra.WebAclProps{AllowedAddresses: jsii.Strings("::ffff:192.0.2.1")}, []string{`"::ffff:192.0.2.1" in AllowedAddresses`}},
		"a zone":             {infra.WebAclProps{AllowedAddresses: jsii.Strings("fe80::1%eth0")}, []string{`"fe80::1%eth0" in AllowedAddresses`}},
		"a token":            {infra.WebAclProps{AllowedAddresses: &[]*string{awscdk.Aws_ACCOUNT_ID()}}, []string{"in AllowedAddresses", "known at synthesis"}},
		"one of a range":     {infra.WebAclProps{AllowedAddresses: jsii.Strings("192.0.2.44/24")}, []string{"got 192.0.2.44/24 in AllowedAddresses", "the range 192.0.2.0/24, or the address 192.0.2.44"}},
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

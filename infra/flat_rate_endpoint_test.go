package infra_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestCheckFlatRatePlan_accepts_an_endpoint_with_a_web_ACL(t *testing.T) {
	for _, region := range []string{"us-east-1", "eu-west-1", ""} {
		t.Run("in "+region, func(t *testing.T) {
			app := newApp()
			endpoint := newEndpoint(newStack(app, "Mine", region), infra.EndpointProps{WebAcl: &infra.WebAclProps{RateLimit: jsii.Number(1000)}})
			infra.CheckFlatRatePlan(endpoint, infra.FlatRatePlan_FREE)
			synthtest.Templates(app)
		})
	}
}

func TestCheckFlatRatePlan_checks_only_its_scope(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Other", "us-east-1"), infra.EndpointProps{})
	stack := newStack(app, "Mine", "us-east-1")
	newEndpoint(stack, infra.EndpointProps{WebAclId: jsii.String(someWebACL)})
	infra.CheckFlatRatePlan(stack, infra.FlatRatePlan_FREE)
	synthtest.Templates(app)
}

func TestCheckFlatRatePlan_rejects_an_unknown_plan(t *testing.T) {
	got := synthtest.Failure(t, func() { infra.CheckFlatRatePlan(newStack(newApp(), "Mine", ""), "GOLD") })
	if want := `Mine: got FlatRatePlan "GOLD": give one of infra's constants, such as infra.FlatRatePlan_PRO`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCheckFlatRatePlan_rejects_props_of_an_endpoint_that_the_plan_lacks(t *testing.T) {
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		t.Run("in "+region, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Mine", region)
			newEndpoint(stack, infra.EndpointProps{
				WebAcl:            &infra.WebAclProps{ManagedRuleGroups: jsii.Strings("AWSManagedRulesPHPRuleSet", "AWSManagedRulesCommonRuleSet")},
				AccessLogs:        &infra.AccessLogsOptions{},
				SecurityHeaders:   &awscloudfront.ResponseSecurityHeadersBehavior{ContentTypeOptions: &awscloudfront.ResponseHeadersContentTypeOptions{Override: jsii.Bool(true)}},
				KeyValueStore:     awscloudfront.NewKeyValueStore(stack, jsii.String("Store"), nil),
				ViewerRequestFile: jsii.String("testdata/viewer/redirects.js"),
			})
			got := planProblems(t, app, infra.FlatRatePlan_FREE)
			for _, want := range []string{
				"WebAcl, Rules[0].Statement.ManagedRuleGroupStatement.Name: the FREE plan doesn't support rule groups for a platform",
				"ResourceArn: the FREE plan doesn't support access logs: remove AccessLogs",
				"Mine/Api/Distribution, DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId: the FREE plan doesn't support custom response headers policies",
				"Mine/Api/Distribution, DistributionConfig: the FREE plan doesn't support key value stores",
			} {
				if strings.Count(got, want) != 1 {
					t.Errorf("got %s, want %q once", got, want)
				}
			}
		})
	}
}

func TestCheckFlatRatePlan_counts_rules(t *testing.T) {
	app := newApp()
	var rules []any
	for i := range 6 {
		rules = append(rules, map[string]any{"name": fmt.Sprint("r", i), "priority": i, "action": map[string]any{"block": map[string]any{}},
			"statement":        map[string]any{"geoMatchStatement": map[string]any{"countryCodes": []string{"DE"}}},
			"visibilityConfig": map[string]any{"cloudWatchMetricsEnabled": true, "metricName": "r", "sampledRequestsEnabled": true}})
	}
	planWebAcl(newStack(app, "Mine", "us-east-1"), rules...)
	want := "Mine/Acl, Rules: got 6 rules: the FREE plan allows 5, remove some or use a larger plan"
	if got := planProblems(t, app, infra.FlatRatePlan_FREE); !strings.Contains(got, want) {
		t.Errorf("got %s, want %q", got, want)
	}
}

func TestCheckFlatRatePlan_rejects_what_distributions_share(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Mine", "us-east-1")
	store := awscloudfront.NewKeyValueStore(stack, jsii.String("Store"), nil)
	function := func(id string) awscloudfront.Function {
		return awscloudfront.NewFunction(stack, jsii.String(id), &awscloudfront.FunctionProps{
			Code: awscloudfront.FunctionCode_FromInline(jsii.String("function handler(event) { return event.request }")), KeyValueStore: store})
	}
	first, second := function("First"), function("Second")
	for id, used := range map[string]awscloudfront.Function{"A": first, "B": first, "C": second} {
		planDistribution(stack, id, func(c *planConfig, b *planBehavior, _ *planOrigin) {
			b.FunctionAssociations = []any{map[string]any{"eventType": "viewer-request", "functionArn": *used.FunctionArn()}}
			if id != "B" {
				c.WebAclId = jsii.String(someWebACL)
			}
		})
	}
	got := planProblems(t, app, infra.FlatRatePlan_PRO)
	for _, want := range []string{
		"Mine/A, DistributionConfig: shares a CloudFront Function with Mine/B: on a flat-rate plan each distribution needs its own",
		"Mine/A, DistributionConfig: shares a key value store with Mine/C",
		"Mine/A, DistributionConfig.WebACLId: shares a web ACL with Mine/C",
	} {
		if strings.Count(got, want) != 1 {
			t.Errorf("got %s, want %q once", got, want)
		}
	}
}

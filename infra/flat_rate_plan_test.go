package infra_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

const someWebACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/some/11112222-3333-4444-5555-666677778888"

type (
	planConfig   = awscloudfront.CfnDistribution_DistributionConfigProperty
	planBehavior = awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty
	planOrigin   = awscloudfront.CfnDistribution_OriginProperty
)

// planDistribution defines a distribution that every plan supports, after change.
func planDistribution(stack awscdk.Stack, id string, change func(*planConfig, *planBehavior, *planOrigin)) awscloudfront.CfnDistribution {
	only := &planOrigin{Id: jsii.String("o"), DomainName: jsii.String("example.com"), CustomOriginConfig: &awscloudfront.CfnDistribution_CustomOriginConfigProperty{OriginProtocolPolicy: jsii.String("https-only")}}
	behavior := &planBehavior{TargetOriginId: jsii.String("o"), ViewerProtocolPolicy: jsii.String("https-only"), CachePolicyId: jsii.String("4135ea2d-6df8-44a3-9df3-4b5a84be39ad")}
	config := &planConfig{Enabled: true, WebAclId: jsii.String(someWebACL + id)}
	change(config, behavior, only)
	config.DefaultCacheBehavior, config.Origins = behavior, []any{only}
	return awscloudfront.NewCfnDistribution(stack, jsii.String(id), &awscloudfront.CfnDistributionProps{DistributionConfig: config})
}

// planProblems returns what synthesis says about the app on the plan.
func planProblems(t *testing.T, app awscdk.App, plan infra.FlatRatePlan) string {
	t.Helper()
	infra.CheckFlatRatePlan(app, plan)
	return synthtest.Failure(t, func() { app.Synth(nil) })
}

func TestCheckFlatRatePlan_rejects_properties_that_the_plan_lacks(t *testing.T) {
	own := func(stack awscdk.Stack) *string {
		return awscdk.NewCfnResource(stack, jsii.String("Policy"), &awscdk.CfnResourceProps{Type: jsii.String("AWS::CloudFront::CachePolicy")}).Ref()
	}
	for name, test := range map[string]struct {
		plan   infra.FlatRatePlan
		change func(awscdk.Stack, *planConfig, *planBehavior, *planOrigin)
		want   string
	}{
		"no web ACL": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) { c.WebAclId = nil },
			"Mine/Site, DistributionConfig.WebACLId: flat-rate plans require a web ACL: give WebAcl or WebAclId"},
		"tenants": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.ConnectionMode = jsii.String("tenant-only")
		}, "DistributionConfig.ConnectionMode: flat-rate plans don't support multi-tenant distributions"},
		"tenant parameters": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.TenantConfig = map[string]any{"parameterDefinitions": []any{map[string]any{"name": "x", "definition": map[string]any{}}}}
		}, "DistributionConfig.TenantConfig: flat-rate plans don't support multi-tenant distributions"},
		"continuous deployment": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.ContinuousDeploymentPolicyId = jsii.String("x")
		}, "Mine/Site, DistributionConfig.ContinuousDeploymentPolicyId: flat-rate plans don't support continuous deployment: remove it or stay on pay-as-you-go pricing"},
		"staging": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) { c.Staging = true },
			"DistributionConfig.Staging: flat-rate plans don't support staging distributions"},
		"anycast": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.AnycastIpListId = jsii.String("x")
		}, "DistributionConfig.AnycastIpListId: flat-rate plans don't support anycast"},
		"real-time logs": {"PREMIUM", func(_ awscdk.Stack, _ *planConfig, b *planBehavior, _ *planOrigin) {
			b.RealtimeLogConfigArn = jsii.String("x")
		}, "DistributionConfig.DefaultCacheBehavior.RealtimeLogConfigArn: flat-rate plans don't support real-time logs: use AccessLogs"},
		"another behavior": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.CacheBehaviors = []any{&awscloudfront.CfnDistribution_CacheBehaviorProperty{PathPattern: jsii.String("/x"), TargetOriginId: jsii.String("o"),
				ViewerProtocolPolicy: jsii.String("https-only"), FieldLevelEncryptionId: jsii.String("x")}}
		}, "DistributionConfig.CacheBehaviors[0].FieldLevelEncryptionId: flat-rate plans don't support field-level encryption"},
		"forwarded values": {"PREMIUM", func(_ awscdk.Stack, _ *planConfig, b *planBehavior, _ *planOrigin) {
			b.ForwardedValues = &awscloudfront.CfnDistribution_ForwardedValuesProperty{QueryString: true}
		}, "DistributionConfig.DefaultCacheBehavior.ForwardedValues: flat-rate plans don't support ForwardedValues"},
		"minimum TTL": {"PREMIUM", func(_ awscdk.Stack, _ *planConfig, b *planBehavior, _ *planOrigin) { b.MinTtl = jsii.Number(0) },
			"DefaultCacheBehavior.MinTTL: flat-rate plans don't support legacy cache settings"},
		"default TTL": {"PREMIUM", func(_ awscdk.Stack, _ *planConfig, b *planBehavior, _ *planOrigin) {
			b.DefaultTtl = jsii.Number(1)
		},
			"DefaultCacheBehavior.DefaultTTL: flat-rate plans don't support legacy cache settings"},
		"maximum TTL": {"PREMIUM", func(_ awscdk.Stack, _ *planConfig, b *planBehavior, _ *planOrigin) { b.MaxTtl = jsii.Number(1) },
			"DefaultCacheBehavior.MaxTTL: flat-rate plans don't support legacy cache settings"},
		"dedicated addresses": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.ViewerCertificate = &awscloudfront.CfnDistribution_ViewerCertificateProperty{SslSupportMethod: jsii.String("vip")}
		}, "DistributionConfig.ViewerCertificate.SslSupportMethod: flat-rate plans don't support dedicated IP addresses"},
		"IAM certificate": {"PREMIUM", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.ViewerCertificate = &awscloudfront.CfnDistribution_ViewerCertificateProperty{IamCertificateId: jsii.String("x"), SslSupportMethod: jsii.String("sni-only")}
		}, "DistributionConfig.ViewerCertificate.IamCertificateId: flat-rate plans don't support IAM"},
		"origin access identity": {"PREMIUM", func(_ awscdk.Stack, _ *planConfig, _ *planBehavior, o *planOrigin) {
			o.S3OriginConfig = &awscloudfront.CfnDistribution_S3OriginConfigProperty{OriginAccessIdentity: jsii.String("x")}
		}, "DistributionConfig.Origins[0].S3OriginConfig.OriginAccessIdentity: flat-rate plans don't support origin access identities"},
		"cache tags": {"FREE", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.CacheTagConfig = map[string]any{"headerName": "x"}
		}, "DistributionConfig.CacheTagConfig: the FREE plan doesn't support cache tags"},
		"logs": {"FREE", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.Logging = &awscloudfront.CfnDistribution_LoggingProperty{Bucket: jsii.String("x")}
		}, "DistributionConfig.Logging: the FREE plan doesn't support access logs: remove it or use the PRO plan"},
		"cache policy": {"PRO", func(s awscdk.Stack, _ *planConfig, b *planBehavior, _ *planOrigin) { b.CachePolicyId = own(s) },
			"DefaultCacheBehavior.CachePolicyId: the PRO plan doesn't support custom cache policies: use a managed policy or use the BUSINESS plan"},
		"origin request policy": {"FREE", func(s awscdk.Stack, _ *planConfig, b *planBehavior, _ *planOrigin) {
			b.OriginRequestPolicyId = own(s)
		},
			"DefaultCacheBehavior.OriginRequestPolicyId: the FREE plan doesn't support custom origin request policies"},
		"response headers policy": {"FREE", func(s awscdk.Stack, _ *planConfig, b *planBehavior, _ *planOrigin) {
			b.ResponseHeadersPolicyId = own(s)
		},
			"DefaultCacheBehavior.ResponseHeadersPolicyId: the FREE plan doesn't support custom response headers policies"},
		"VPC origin": {"PRO", func(_ awscdk.Stack, _ *planConfig, _ *planBehavior, o *planOrigin) {
			o.CustomOriginConfig, o.VpcOriginConfig = nil, &awscloudfront.CfnDistribution_VpcOriginConfigProperty{VpcOriginId: jsii.String("x")}
		}, "DistributionConfig.Origins[0].VpcOriginConfig: the PRO plan doesn't support VPC origins"},
		"origin mTLS": {"PRO", func(_ awscdk.Stack, _ *planConfig, _ *planBehavior, o *planOrigin) {
			o.CustomOriginConfig = map[string]any{"originProtocolPolicy": "https-only", "originMtlsConfig": map[string]any{"clientCertificateArn": "x"}}
		}, "Origins[0].CustomOriginConfig.OriginMtlsConfig: the PRO plan doesn't support mutual TLS with origins"},
		"Origin Shield": {"BUSINESS", func(_ awscdk.Stack, _ *planConfig, _ *planBehavior, o *planOrigin) {
			o.OriginShield = &awscloudfront.CfnDistribution_OriginShieldProperty{Enabled: true, OriginShieldRegion: jsii.String("eu-west-1")}
		}, "Origins[0].OriginShield.Enabled: the BUSINESS plan doesn't support Origin Shield"},
		"failover": {"BUSINESS", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.OriginGroups = map[string]any{"quantity": 1, "items": []any{map[string]any{"id": "g",
				"failoverCriteria": map[string]any{"statusCodes": map[string]any{"quantity": 1, "items": []any{500}}},
				"members":          map[string]any{"quantity": 2, "items": []any{map[string]any{"originId": "o"}, map[string]any{"originId": "o"}}}}}}
		}, "OriginGroups.Items[0]: the BUSINESS plan doesn't support origin failover"},
		"viewer mTLS": {"BUSINESS", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			c.ViewerMtlsConfig = map[string]any{"mode": "required"}
		}, "DistributionConfig.ViewerMtlsConfig: the BUSINESS plan doesn't support mutual TLS with viewers"},
		"many behaviors": {"FREE", func(_ awscdk.Stack, c *planConfig, _ *planBehavior, _ *planOrigin) {
			var behaviors []any
			for i := range 6 {
				behaviors = append(behaviors, &awscloudfront.CfnDistribution_CacheBehaviorProperty{
					PathPattern: jsii.String(fmt.Sprint("/", i)), TargetOriginId: jsii.String("o"), ViewerProtocolPolicy: jsii.String("https-only")})
			}
			c.CacheBehaviors = behaviors
		}, "DistributionConfig.CacheBehaviors: got 6 behaviors besides the default one: the FREE plan allows 5"},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Mine", "us-east-1")
			planDistribution(stack, "Site", func(c *planConfig, b *planBehavior, o *planOrigin) { test.change(stack, c, b, o) })
			got := planProblems(t, app, test.plan)
			if !strings.Contains(got, test.want) || strings.Count(got, "Mine/Site, ") != 1 {
				t.Errorf("got %s, want only %q", got, test.want)
			}
		})
	}
}

func TestCheckFlatRatePlan_rejects_rules_that_the_plan_lacks(t *testing.T) {
	managed := func(name string) map[string]any {
		return map[string]any{"managedRuleGroupStatement": map[string]any{"vendorName": "AWS", "name": name}}
	}
	geo := map[string]any{"geoMatchStatement": map[string]any{"countryCodes": []string{"DE"}}}
	bots := managed("AWSManagedRulesBotControlRuleSet")
	bots["managedRuleGroupStatement"].(map[string]any)["managedRuleGroupConfigs"] = []any{
		map[string]any{"awsManagedRulesBotControlRuleSet": map[string]any{"inspectionLevel": "TARGETED"}}}
	for name, test := range map[string]struct {
		plan              infra.FlatRatePlan
		statement, action map[string]any
		want              string
	}{
		"own group": {"PREMIUM", map[string]any{"ruleGroupReferenceStatement": map[string]any{"arn": "arn:aws:wafv2:us-east-1:111122223333:global/rulegroup/x/y"}}, nil,
			"Mine/Acl, Rules[0].Statement.RuleGroupReferenceStatement: flat-rate plans don't support rule groups of your own: make their rules rules of the web ACL"},
		"partner's group": {"PREMIUM", map[string]any{"managedRuleGroupStatement": map[string]any{"vendorName": "F5", "name": "x"}}, nil, "don't support rule groups of AWS's partners"},
		"sign-up":         {"PREMIUM", managed("AWSManagedRulesACFPRuleSet"), nil, "don't support fraud prevention"},
		"login":           {"PREMIUM", managed("AWSManagedRulesATPRuleSet"), nil, "don't support fraud prevention"},
		"targeted bots":   {"PREMIUM", bots, nil, "InspectionLevel: flat-rate plans don't support targeted bots: use COMMON"},
		"PHP":             {"FREE", managed("AWSManagedRulesPHPRuleSet"), nil, "the FREE plan doesn't support rule groups for a platform"},
		"bots":            {"PRO", managed("AWSManagedRulesBotControlRuleSet"), nil, "the PRO plan doesn't support Bot Control"},
		"CAPTCHA":         {"FREE", geo, map[string]any{"captcha": map[string]any{}}, "Rules[0].Action.Captcha: the FREE plan doesn't support CAPTCHA"},
		"challenge":       {"PRO", geo, map[string]any{"challenge": map[string]any{}}, "Rules[0].Action.Challenge: the PRO plan doesn't support challenges"},
		"custom response": {"FREE", geo, map[string]any{"block": map[string]any{"customResponse": map[string]any{"responseCode": 403}}}, "CustomResponse: the FREE plan doesn't support custom responses"},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			rule := map[string]any{"name": "r", "priority": 0, "statement": test.statement,
				"visibilityConfig": map[string]any{"cloudWatchMetricsEnabled": true, "metricName": "r", "sampledRequestsEnabled": true}}
			if test.action != nil {
				rule["action"] = test.action
			} else {
				rule["overrideAction"] = map[string]any{"none": map[string]any{}}
			}
			planWebAcl(newStack(app, "Mine", "us-east-1"), rule)
			if got := planProblems(t, app, test.plan); !strings.Contains(got, test.want) || strings.Count(got, "Mine/Acl, ") != 1 {
				t.Errorf("got %s, want only %q", got, test.want)
			}
		})
	}
}

// planWebAcl defines a distribution with a web ACL.
func planWebAcl(stack awscdk.Stack, rules ...any) {
	acl := awswafv2.NewCfnWebACL(stack, jsii.String("Acl"), &awswafv2.CfnWebACLProps{
		Scope:         jsii.String("CLOUDFRONT"),
		DefaultAction: map[string]any{"allow": map[string]any{}},
		Rules:         rules,
		VisibilityConfig: &awswafv2.CfnWebACL_VisibilityConfigProperty{
			CloudWatchMetricsEnabled: true, MetricName: jsii.String("m"), SampledRequestsEnabled: true,
		},
	})
	planDistribution(stack, "Site", func(c *planConfig, _ *planBehavior, _ *planOrigin) { c.WebAclId = acl.AttrArn() })
}

package infra_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// policyPair returns the policies of a behavior. They are defined in a stack, if
// they aren't managed.
type policyPair func(stack awscdk.Stack) (awscloudfront.ICachePolicy, awscloudfront.IOriginRequestPolicy)

// ownPolicies returns a cache policy with these headers in its key, and all
// cookies and query strings, and an origin request policy.
func ownPolicies(key []string, ttl float64, request *awscloudfront.OriginRequestPolicyProps) policyPair {
	return func(stack awscdk.Stack) (awscloudfront.ICachePolicy, awscloudfront.IOriginRequestPolicy) {
		cache := awscloudfront.NewCachePolicy(stack, jsii.String("Key"), &awscloudfront.CachePolicyProps{
			HeaderBehavior:      awscloudfront.CacheHeaderBehavior_AllowList(*jsii.Strings(key...)...),
			CookieBehavior:      awscloudfront.CacheCookieBehavior_All(),
			QueryStringBehavior: awscloudfront.CacheQueryStringBehavior_DenyList(jsii.String("utm")),
			DefaultTtl:          awscdk.Duration_Seconds(jsii.Number(ttl)),
			MaxTtl:              awscdk.Duration_Seconds(jsii.Number(ttl)),
		})
		if request == nil {
			return cache, nil
		}
		return cache, awscloudfront.NewOriginRequestPolicy(stack, jsii.String("Forwarded"), request)
	}
}

func managed(cache awscloudfront.ICachePolicy, request awscloudfront.IOriginRequestPolicy) policyPair {
	return func(awscdk.Stack) (awscloudfront.ICachePolicy, awscloudfront.IOriginRequestPolicy) {
		return cache, request
	}
}

func forwardingHeaders(names ...string) *awscloudfront.OriginRequestPolicyProps {
	return &awscloudfront.OriginRequestPolicyProps{HeaderBehavior: awscloudfront.OriginRequestHeaderBehavior_AllowList(*jsii.Strings(names...)...)}
}

// forwardingCases are the pairs of policies, each with words of the problem that
// it has. The key of ownPolicies has all query strings but utm.
func forwardingCases() map[string]struct {
	policies policyPair
	want     []string
} {
	exceptHost := awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER()
	const reaches, host = "one viewer's response", "forwards the viewer's Host"
	imported := func(stack awscdk.Stack) awscloudfront.ICachePolicy {
		return awscloudfront.CachePolicy_FromCachePolicyId(stack, jsii.String("Imported"), jsii.String("11112222-3333-4444-5555-666677778888"))
	}
	return map[string]struct {
		policies policyPair
		want     []string
	}{
		"nothing is cached":          {managed(awscloudfront.CachePolicy_CACHING_DISABLED(), exceptHost), nil},
		"only the key is forwarded":  {managed(awscloudfront.CachePolicy_CACHING_OPTIMIZED(), nil), nil},
		"the key has what is copied": {ownPolicies([]string{"X-Original-Host", "Authorization"}, 60, forwardingHeaders("x-original-host")), nil},
		"an own key alone":           {ownPolicies([]string{"X-Original-Authorization"}, 60, nil), nil},
		"no time to live":            {ownPolicies([]string{"Accept"}, 0, forwardingHeaders("X-Original-Authorization")), nil},
		"the same cookies and query strings": {ownPolicies([]string{"Accept"}, 60, &awscloudfront.OriginRequestPolicyProps{
			CookieBehavior:      awscloudfront.OriginRequestCookieBehavior_All(),
			QueryStringBehavior: awscloudfront.OriginRequestQueryStringBehavior_DenyList(jsii.String("utm"), jsii.String("ref")),
		}), nil},

		"a managed key without headers":    {managed(awscloudfront.CachePolicy_CACHING_OPTIMIZED(), exceptHost), []string{reaches, "headers", "CachingOptimized", "AllViewerExceptHostHeader"}},
		"a copied token outside the key":   {ownPolicies([]string{"X-Original-Host"}, 60, forwardingHeaders("X-Original-Host", "X-Original-Authorization")), []string{reaches, "headers", "Consumer/Key", "Consumer/Forwarded"}},
		"a copied host outside the key":    {ownPolicies([]string{"X-Original-Authorization"}, 60, forwardingHeaders("X-Forwarded-Host")), []string{reaches, "headers"}},
		"all headers outside the key":      {ownPolicies([]string{"X-Original-Host", "X-Original-Authorization"}, 60, &awscloudfront.OriginRequestPolicyProps{HeaderBehavior: awscloudfront.OriginRequestHeaderBehavior_DenyList(jsii.String("Host"))}), []string{reaches, "headers"}},
		"a query string outside the key":   {ownPolicies([]string{"Accept"}, 60, &awscloudfront.OriginRequestPolicyProps{QueryStringBehavior: awscloudfront.OriginRequestQueryStringBehavior_AllowList(jsii.String("utm"))}), []string{reaches, "query strings"}},
		"all query strings":                {ownPolicies([]string{"Accept"}, 60, &awscloudfront.OriginRequestPolicyProps{QueryStringBehavior: awscloudfront.OriginRequestQueryStringBehavior_All()}), []string{reaches, "query strings"}},
		"a key that only deployment knows": {ownPolicies([]string{"Accept"}, 60, forwardingHeaders(*awscdk.Fn_Ref(jsii.String("Header")))), []string{reaches, "doesn't say"}},
		"an imported key": {func(stack awscdk.Stack) (awscloudfront.ICachePolicy, awscloudfront.IOriginRequestPolicy) {
			return imported(stack), exceptHost
		}, []string{"could reach others", "11112222-3333-4444-5555-666677778888", "define both policies here"}},
		"an imported key alone": {func(stack awscdk.Stack) (awscloudfront.ICachePolicy, awscloudfront.IOriginRequestPolicy) {
			return imported(stack), nil
		}, nil},
		"imported forwarding of what isn't cached": {func(stack awscdk.Stack) (awscloudfront.ICachePolicy, awscloudfront.IOriginRequestPolicy) {
			return awscloudfront.CachePolicy_CACHING_DISABLED(), awscloudfront.OriginRequestPolicy_FromOriginRequestPolicyId(stack, jsii.String("Imported"), jsii.String("11112222-3333-4444-5555-666677778888"))
		}, nil},
		"imported forwarding of what is cached": {func(stack awscdk.Stack) (awscloudfront.ICachePolicy, awscloudfront.IOriginRequestPolicy) {
			return awscloudfront.CachePolicy_CACHING_OPTIMIZED(), awscloudfront.OriginRequestPolicy_FromOriginRequestPolicyId(stack, jsii.String("Imported"), jsii.String("11112222-3333-4444-5555-666677778888"))
		}, []string{"could reach others"}},

		"AllViewer":                     {managed(awscloudfront.CachePolicy_CACHING_DISABLED(), awscloudfront.OriginRequestPolicy_ALL_VIEWER()), []string{host, "by AllViewer:", "403"}},
		"AllViewerAndCloudFrontHeaders": {managed(awscloudfront.CachePolicy_CACHING_DISABLED(), awscloudfront.OriginRequestPolicy_ALL_VIEWER_AND_CLOUDFRONT_2022()), []string{host}},
		"HostHeaderOnly":                {managed(awscloudfront.CachePolicy_CACHING_DISABLED(), awscloudfront.OriginRequestPolicy_HOST_HEADER_ONLY()), []string{host}},
		"UseOriginCacheControlHeaders":  {managed(awscloudfront.CachePolicy_USE_ORIGIN_CACHE_CONTROL_HEADERS(), nil), []string{host, "by UseOriginCacheControlHeaders:", "a cache policy without Host"}},
		"with query strings":            {managed(awscloudfront.CachePolicy_USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS(), nil), []string{host}},
		"Amplify":                       {managed(awscloudfront.CachePolicy_AMPLIFY(), nil), []string{host}},
		"Host in an own key":            {ownPolicies([]string{"HOST"}, 60, nil), []string{host, "by Consumer/Key:"}},
		"Host in an own list":           {ownPolicies([]string{"Accept"}, 0, forwardingHeaders("Host")), []string{host, "by Consumer/Forwarded:"}},
		"all headers but another": {ownPolicies([]string{"Accept"}, 0, &awscloudfront.OriginRequestPolicyProps{
			HeaderBehavior: awscloudfront.OriginRequestHeaderBehavior_DenyList(jsii.String("Referer")),
		}), []string{host}},
	}
}

func TestForwarding_is_checked_where_a_distribution_holds_the_origin(t *testing.T) {
	for name, test := range forwardingCases() {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", "eu-west-1")
			options := streamingOptions(stack)
			options.CachePolicy, options.OriginRequestPolicy = test.policies(stack)
			awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: options})
			expectProblem(t, app, test.want, "the default behavior")
		})
	}
}

// streamingOptions returns what StreamingBehavior does for a new origin.
func streamingOptions(stack awscdk.Stack) *awscloudfront.BehaviorOptions {
	return infra.StreamingBehavior(stack, &infra.StreamingBehaviorProps{
		Origin:       newOrigin(stack),
		OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
		BodyHashing:  infra.BodyHashing_VIEWER,
	})
}

// An origin of the CDK gets the copies of original_host too.
func TestForwarding_is_checked_where_original_host_runs(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	options := infra.StreamingBehavior(stack, &infra.StreamingBehaviorProps{
		Origin:       awscloudfrontorigins.NewHttpOrigin(jsii.String("api.example.com"), nil),
		OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
		BodyHashing:  infra.BodyHashing_VIEWER,
	})
	options.CachePolicy = awscloudfront.CachePolicy_CACHING_OPTIMIZED()
	awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: options})
	expectProblem(t, app, []string{"one viewer's response", "CachingOptimized"}, "the default behavior")
}

// expectProblem synthesizes the app, which must fail with all of the words, or
// succeed without them.
func expectProblem(t *testing.T, app awscdk.App, want []string, behavior string) {
	t.Helper()
	if want == nil {
		app.Synth(nil)
		return
	}
	message := synthtest.Failure(t, func() { app.Synth(nil) })
	for _, words := range append(want, behavior, "Distribution") {
		if !strings.Contains(message, words) {
			t.Errorf("got %q, want it to say %q", message, words)
		}
	}
}

func TestForwarding_is_checked_however_a_behavior_got_its_policies(t *testing.T) {
	optimized, exceptHost := awscloudfront.CachePolicy_CACHING_OPTIMIZED(), awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER()
	for name, define := range map[string]func(awscdk.Stack, awscloudfront.Distribution){
		"added to the distribution": func(stack awscdk.Stack, distribution awscloudfront.Distribution) {
			distribution.AddBehavior(jsii.String("/api/*"), newOrigin(stack), &awscloudfront.AddBehaviorOptions{OriginRequestPolicy: exceptHost})
		},
		"in an origin group": func(stack awscdk.Stack, distribution awscloudfront.Distribution) {
			group := awscloudfrontorigins.NewOriginGroup(&awscloudfrontorigins.OriginGroupProps{
				PrimaryOrigin:  awscloudfrontorigins.NewHttpOrigin(jsii.String("www.example.com"), nil),
				FallbackOrigin: newOrigin(stack),
			})
			distribution.AddBehavior(jsii.String("/api/*"), group, &awscloudfront.AddBehaviorOptions{CachePolicy: optimized, OriginRequestPolicy: exceptHost})
		},
		"by an escape hatch": func(stack awscdk.Stack, distribution awscloudfront.Distribution) {
			infra.AddStreamingBehavior(distribution, jsii.String("/api/*"), &infra.StreamingBehaviorProps{
				Origin:       newOrigin(stack),
				OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
				BodyHashing:  infra.BodyHashing_VIEWER,
			})
			resource := distribution.Node().DefaultChild().(awscloudfront.CfnDistribution)
			inspector := awscdk.NewTreeInspector()
			resource.Inspect(inspector)
			properties := synthtest.At(t, stack.Resolve(inspector), "attributes", "aws:cdk:cloudformation:props")
			behavior := synthtest.At(t, properties, "distributionConfig", "cacheBehaviors", 0).(map[string]any)
			behavior["cachePolicyId"] = optimized.CachePolicyId()
			resource.SetDistributionConfig(awscdk.Token_AsAny(synthtest.At(t, properties, "distributionConfig")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", "eu-west-1")
			define(stack, newDistribution(stack, nil))
			expectProblem(t, app, []string{"one viewer's response would reach others"}, "the behavior of /api/*")
		})
	}
}

// Another behavior of the distribution may forward what its own origin needs.
func TestForwarding_to_other_origins_is_not_checked(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	distribution := newDistribution(stack, map[string]awscloudfront.IOrigin{"/api/*": newOrigin(stack)})
	distribution.AddBehavior(jsii.String("/other"), awscloudfrontorigins.NewHttpOrigin(jsii.String("other.example.com"), nil), &awscloudfront.AddBehaviorOptions{
		CachePolicy: awscloudfront.CachePolicy_CACHING_OPTIMIZED(), OriginRequestPolicy: awscloudfront.OriginRequestPolicy_ALL_VIEWER(),
	})
	app.Synth(nil)
}

// Policies of two stacks can have the same logical id, so the one of the
// distribution's own stack isn't taken for the one that it imports.
func TestForwarding_reads_the_policies_of_other_stacks(t *testing.T) {
	for _, test := range []struct {
		key  string
		want []string
	}{{"X-Original-Host", nil}, {"Accept", []string{"one viewer's response", "Policies/Key"}}} {
		t.Run(fmt.Sprint(test.key), func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", "eu-west-1")
			ownPolicies([]string{"Accept"}, 60, forwardingHeaders("X-Original-Authorization"))(stack)
			options := streamingOptions(stack)
			options.CachePolicy, options.OriginRequestPolicy = ownPolicies([]string{test.key}, 60, forwardingHeaders("X-Original-Host"))(newStack(app, "Policies", "eu-west-1"))
			awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: options})
			expectProblem(t, app, test.want, "the default behavior")
		})
	}
}

package synthesis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// checksID is the construct id of an app's or stage's Checks. It dates from the time
// when they checked function URLs only.
const checksID = "CloudfurlFunctionUrls"

// Checks are those of an app or a stage. They implement constructs.IValidation.
type Checks struct {
	stage   constructs.IConstruct
	origins []boundOrigin

	// copiers are CloudFront Functions that copy what the viewer sent.
	copiers []awscloudfront.IFunction

	// latencies are distributions whose additional metrics are in use.
	latencies []awscloudfront.Distribution
}

// A boundOrigin is the use of a function URL as an origin in a distribution.
type boundOrigin struct {
	distribution string // the address of the construct
	id           string // of the origin in the distribution
}

// checksConstruct is where ChecksOf finds the Checks.
type checksConstruct struct {
	construct.Base
	checks *Checks
}

// ChecksOf finds or defines the Checks of the app or stage of scope.
func ChecksOf(scope constructs.Construct) *Checks {
	stage := construct.StageOf(scope)
	if found, ok := stage.Node().TryFindChild(jsii.String(checksID)).(*checksConstruct); ok {
		return found.checks
	}
	defined := &checksConstruct{checks: &Checks{stage: stage}}
	constructs.NewConstruct_Override(defined, stage.(constructs.Construct), jsii.String(checksID))
	stage.Node().AddValidation(defined.checks)
	return defined.checks
}

// Bind tells that a distribution uses a function URL as its origin id.
func (c *Checks) Bind(distribution constructs.IConstruct, id *string) {
	c.origins = append(c.origins, boundOrigin{*distribution.Node().Addr(), *id})
}

// Copies notes that behaviors with a CloudFront Function forward copies of the
// viewer's Host and Authorization, whatever their origin is.
func (c *Checks) Copies(function awscloudfront.IFunction) {
	if !slices.Contains(c.copiers, function) {
		c.copiers = append(c.copiers, function)
	}
}

// MeasuresLatency notes that an additional metric of a distribution is in use.
func (c *Checks) MeasuresLatency(distribution awscloudfront.Distribution) {
	c.latencies = append(c.latencies, distribution)
}

// Validate returns a sentence for each problem.
func (c *Checks) Validate() *[]*string {
	problems := []*string{}
	report := func(resource awscdk.CfnResource, format string, args ...any) {
		path := strings.TrimSuffix(*resource.Node().Path(), "/Resource")
		problems = append(problems, jsii.String(path+": "+fmt.Sprintf(format, args...)))
	}
	forwarding := forwardingChecks{Checks: c}
	subscribed := map[string]bool{}
	for _, child := range *c.stage.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		switch child := child.(type) {
		case awscloudfront.CfnCachePolicy, awscloudfront.CfnOriginRequestPolicy:
			forwarding.policies = append(forwarding.policies, child.(policyResource))
		case awscloudfront.CfnMonitoringSubscription:
			subscribed[*child.DistributionId()] = true
		case awscloudfront.CfnDistribution:
			config := construct.ObjectOf(construct.ResolvedProperties(child)["distributionConfig"])
			forwarding.distributions = append(forwarding.distributions, distributionConfig{child, config})
		}
	}
	forwarding.check(report)
	for _, distribution := range c.latencies {
		if !subscribed[*distribution.DistributionId()] {
			report(distribution.Node().DefaultChild().(awscdk.CfnResource), "MetricFirstByte has no values without CloudFront's additional metrics: "+
				"define a Monitoring of the endpoint, or an awscloudfront.CfnMonitoringSubscription of its distribution")
		}
	}
	return &problems
}

type reportFunc func(resource awscdk.CfnResource, format string, args ...any)

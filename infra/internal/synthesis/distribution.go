package synthesis

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// CloudFront's limits for an origin's response timeout, in seconds. More than the
// quota needs a raised one.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginResponseTimeout
const (
	minReadTimeout = 1
	maxReadTimeout = 180

	readTimeoutQuota = 120 // unless the account's was raised
)

// ReadTimeout returns the response timeout of an origin in seconds, 60 by default. It
// panics with an *Error about the construct id in scope if CloudFront doesn't allow it.
func ReadTimeout(scope constructs.Construct, id *string, given awscdk.Duration) *float64 {
	if given == nil {
		return jsii.Number(60)
	}
	s, whole, known := construct.Seconds(given)
	if known && (!whole || s < minReadTimeout || s > maxReadTimeout) {
		construct.Fail(scope, id, "got ReadTimeout %v s: give %d to %d whole seconds, and let the handler send heartbeats more often than that", s, minReadTimeout, maxReadTimeout)
	}
	if s > readTimeoutQuota {
		awscdk.Annotations_Of(scope).AddWarningV2(jsii.String("cloudfurl:ReadTimeout"),
			jsii.String(fmt.Sprintf("got ReadTimeout %v s: CloudFront rejects more than %d unless the account's quota for response timeouts was raised", s, readTimeoutQuota)), nil)
	}
	return given.ToSeconds(nil)
}

// checkDistribution reports functions of a distribution's behaviors that
// CloudFront would reject, and response timeouts of origins for which it signs
// requests.
func checkDistribution(distribution awscloudfront.CfnDistribution, config map[string]any, report reportFunc) {
	if problem := edgeFunctionProblem(construct.ObjectOf(config["defaultCacheBehavior"])); problem != "" {
		report(distribution, "the default behavior has %s", problem)
	}
	for _, behavior := range construct.ObjectsOf(config["cacheBehaviors"]) {
		if problem := edgeFunctionProblem(behavior); problem != "" {
			report(distribution, "the behavior of %v has %s", behavior["pathPattern"], problem)
		}
	}
	for _, origin := range construct.ObjectsOf(config["origins"]) {
		timeout, ok := construct.ObjectOf(origin["customOriginConfig"])["originReadTimeout"].(float64)
		if ok && origin["originAccessControlId"] != nil && (timeout < minReadTimeout || timeout > maxReadTimeout) {
			report(distribution, "got OriginReadTimeout %v s: set %d to %d whole seconds, and let the handler send heartbeats more often than that", timeout, minReadTimeout, maxReadTimeout)
		}
	}
}

// edgeFunctionProblem returns which functions of a behavior CloudFront wouldn't
// run, or "".
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
func edgeFunctionProblem(behavior map[string]any) string {
	functions, lambdas := construct.ObjectsOf(behavior["functionAssociations"]), construct.ObjectsOf(behavior["lambdaFunctionAssociations"])
	taken := map[any]bool{}
	for _, lambda := range lambdas {
		event, _ := lambda["eventType"].(string)
		switch {
		case len(functions) > 0 && strings.HasPrefix(event, "viewer-"):
			return fmt.Sprintf("a CloudFront Function at %v and a Lambda@Edge function at %s: CloudFront allows one kind of them at viewer events, "+
				"move the code of the latter to ViewerRequestFile or to an origin event", functions[0]["eventType"], event)
		case taken[event]:
			return fmt.Sprintf("two Lambda@Edge functions at %s, where CloudFront runs one: remove one. With BodyHashing_VIEWER there is no body_hasher at origin-request", event)
		}
		taken[event] = true
	}
	return ""
}

// An edgeFunction reports at synthesis what Lambda@Edge would reject at
// deployment, such as what an aspect has set in all functions of an app. CDK checks
// this only where the function and the distribution share a stack.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
type edgeFunction struct {
	function awslambda.Function
}

// CheckEdgeFunction checks a function at synthesis.
func CheckEdgeFunction(function awslambda.Function) {
	function.Node().AddValidation(&edgeFunction{function})
}

// Validate returns a sentence for each property that Lambda@Edge forbids.
func (f *edgeFunction) Validate() *[]*string {
	properties := construct.ResolvedProperties(f.function.Node().DefaultChild().(awslambda.CfnFunction))
	problems := []*string{}
	for _, name := range strings.Fields("deadLetterConfig environment ephemeralStorage fileSystemConfigs layers tracingConfig vpcConfig") {
		if properties[name] != nil {
			problems = append(problems, jsii.String(fmt.Sprintf("Lambda@Edge functions can't have %s: remove it", strings.ToUpper(name[:1])+name[1:])))
		}
	}
	return &problems
}

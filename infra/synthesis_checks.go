package infra

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

// synthesisChecksID is the construct id of an app's or stage's synthesisChecks. It
// dates from the time when they checked function URLs only.
const synthesisChecksID = "CloudfurlFunctionUrls"

// synthesisChecks report at synthesis what only the whole app or stage shows, or
// what the app has set in the resources of the constructs. They implement
// constructs.IValidation. They don't see what AddPropertyOverride adds.
type synthesisChecks struct {
	stage constructs.IConstruct
}

// checkAtSynthesis adds synthesisChecks to the app or stage of scope if it doesn't
// have them.
func checkAtSynthesis(scope constructs.Construct) {
	stage := construct.StageOf(scope)
	if stage.Node().TryFindChild(jsii.String(synthesisChecksID)) != nil {
		return
	}
	constructs.NewConstruct(stage.(constructs.Construct), jsii.String(synthesisChecksID))
	stage.Node().AddValidation(&synthesisChecks{stage})
}

// Validate returns a sentence for each problem.
func (c *synthesisChecks) Validate() *[]*string {
	problems := []*string{}
	report := func(resource awscdk.CfnResource, format string, args ...any) {
		path := strings.TrimSuffix(*resource.Node().Path(), "/Resource")
		problems = append(problems, jsii.String(path+": "+fmt.Sprintf(format, args...)))
	}
	urls := functionUrls{first: map[string]string{}, functions: map[string]awslambda.Function{}}
	var forwarding forwardingChecks
	for _, child := range *c.stage.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		switch child := child.(type) {
		case awslambda.Function:
			urls.functions[*child.FunctionArn()] = child
		case awslambda.CfnUrl:
			urls.all = append(urls.all, child)
		case *StreamingOrigin:
			forwarding.origins = append(forwarding.origins, child)
		case awscloudfront.CfnCachePolicy, awscloudfront.CfnOriginRequestPolicy:
			forwarding.policies = append(forwarding.policies, child.(policyResource))
		case awscloudfront.CfnDistribution:
			config := construct.ObjectOf(construct.ResolvedProperties(child)["distributionConfig"])
			checkDistribution(child, config, report)
			forwarding.distributions = append(forwarding.distributions, distributionConfig{child, config})
		}
	}
	urls.check(report)
	forwarding.check(report)
	return &problems
}

// A reportFunc reports a problem of a resource.
type reportFunc func(resource awscdk.CfnResource, format string, args ...any)

// functionUrls are the URLs that awslambda.FunctionUrl defines in a stage, and its
// functions by their ARN. All references to a function's ARN are one token.
type functionUrls struct {
	all       []awslambda.CfnUrl
	functions map[string]awslambda.Function

	// first are the paths of the first URLs by function and alias.
	first map[string]string
}

// check reports each URL beyond the first of a function or alias, and those of
// functions whose responses they can't stream.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html
func (u *functionUrls) check(report reportFunc) {
	for _, url := range u.all {
		target := *url.TargetFunctionArn() + ":" + construct.Text(url.Qualifier())
		if other, ok := u.first[target]; ok {
			report(url, "its function already has the URL %s: Lambda allows one for each function and alias, share a StreamingOrigin or give an alias", other)
			continue
		}
		u.first[target] = strings.TrimSuffix(*url.Node().Path(), "/Resource")
		function, ok := u.functions[*url.TargetFunctionArn()]
		if ok && construct.Text(url.InvokeMode()) == string(awslambda.InvokeMode_RESPONSE_STREAM) && hasVpc(function) {
			report(url, "its function %s is in a VPC: %s", *function.Node().Path(), vpcCure)
		}
	}
}

// hasVpc reports whether a function of the app is in a VPC.
func hasVpc(function awslambda.Function) bool {
	resource, ok := function.Node().DefaultChild().(awslambda.CfnFunction)
	return ok && construct.ResolvedProperties(resource)["vpcConfig"] != nil
}

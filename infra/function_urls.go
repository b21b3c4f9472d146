package infra

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// functionUrlsID is the construct id of an app's or stage's functionUrls.
const functionUrlsID = "CloudfurlFunctionUrls"

// A functionUrls reports at synthesis if a function of an app or stage has
// several URLs. It implements constructs.IValidation.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html
type functionUrls struct {
	stage constructs.IConstruct
}

// checkFunctionUrls adds a functionUrls to the app or stage of scope if it
// doesn't have one.
func checkFunctionUrls(scope constructs.Construct) {
	stage := stageOf(scope)
	if stage.Node().TryFindChild(jsii.String(functionUrlsID)) != nil {
		return
	}
	constructs.NewConstruct(stage.(constructs.Construct), jsii.String(functionUrlsID))
	stage.Node().AddValidation(&functionUrls{stage})
}

// stageOf returns the app or stage of scope.
func stageOf(scope constructs.IConstruct) constructs.IConstruct {
	if stage := awscdk.Stage_Of(scope); stage != nil {
		return stage
	}
	return scope.Node().Root()
}

// Validate returns a sentence for each URL beyond the first of a function or
// alias. It finds the URLs that awslambda.FunctionUrl defines.
func (u *functionUrls) Validate() *[]*string {
	problems := []*string{}
	first := map[string]string{}
	for _, child := range *u.stage.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		url, ok := child.(awslambda.CfnUrl)
		if !ok {
			continue
		}
		// All references to a function's ARN are one token.
		target := *url.TargetFunctionArn()
		if url.Qualifier() != nil {
			target += ":" + *url.Qualifier()
		}
		path := strings.TrimSuffix(*url.Node().Path(), "/Resource")
		if other, ok := first[target]; ok {
			problems = append(problems, jsii.String(fmt.Sprintf(
				"%s: its function already has the URL %s: Lambda allows one for each function and alias, share a StreamingOrigin or give an alias",
				path, other)))
			continue
		}
		first[target] = path
	}
	return &problems
}

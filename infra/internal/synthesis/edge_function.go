package synthesis

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

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

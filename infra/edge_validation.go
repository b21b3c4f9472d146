package infra

import (
	"fmt"
	"reflect"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// maxEdgeTimeout is the longest that Lambda@Edge lets a function run at an
// origin event, in seconds.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
const maxEdgeTimeout = 30

// An edgeValidation reports at synthesis what Lambda@Edge would reject at
// deployment. CDK checks this only where the function and the distribution
// share a stack.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
type edgeValidation struct {
	function awslambda.Function
}

// Validate returns a sentence for each property that Lambda@Edge forbids.
func (v *edgeValidation) Validate() *[]*string {
	stack := awscdk.Stack_Of(v.function)
	function := v.function.Node().DefaultChild().(awslambda.CfnFunction)
	forbidden := []struct {
		property string
		value    any
	}{
		{"DeadLetterConfig", function.DeadLetterConfig()},
		{"Environment", function.Environment()},
		{"EphemeralStorage", function.EphemeralStorage()},
		{"FileSystemConfigs", function.FileSystemConfigs()},
		{"Layers", function.Layers()},
		{"TracingConfig", function.TracingConfig()},
		{"VpcConfig", function.VpcConfig()},
	}
	problems := []*string{}
	for _, f := range forbidden {
		if !isEmpty(f.value) && !isEmpty(stack.Resolve(f.value)) {
			problems = append(problems, jsii.String(fmt.Sprintf("Lambda@Edge functions can't have %s: remove it", f.property)))
		}
	}
	if timeout := function.Timeout(); timeout != nil && *timeout > maxEdgeTimeout {
		problems = append(problems, jsii.String(fmt.Sprintf("got Timeout %v s: Lambda@Edge allows %d s at origin-request", *timeout, maxEdgeTimeout)))
	}
	if architectures := function.Architectures(); architectures != nil {
		for _, architecture := range *architectures {
			if *architecture != "x86_64" {
				problems = append(problems, jsii.String(fmt.Sprintf("got Architectures %s: Lambda@Edge runs x86_64 only", *architecture)))
			}
		}
	}
	return &problems
}

// isEmpty reports whether CDK omits a resolved value from the template.
func isEmpty(value any) bool {
	if value == nil {
		return true
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	}
	return false
}

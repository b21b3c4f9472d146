package synthesis

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// maxEdgeTimeout is the longest that Lambda@Edge lets a function run at an
// origin event, in seconds.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
const maxEdgeTimeout = 30

// An edgeFunction reports at synthesis what Lambda@Edge would reject at
// deployment. CDK checks this only where the function and the distribution
// share a stack.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
type edgeFunction struct {
	function awslambda.Function
}

// CheckEdgeFunction checks a function at synthesis.
func CheckEdgeFunction(function awslambda.Function) {
	function.Node().AddValidation(&edgeFunction{function})
}

// forbiddenAtEdge are the properties that a function has at most outside of
// Lambda@Edge, and their names in Go.
var forbiddenAtEdge = map[string]string{
	"deadLetterConfig":  "DeadLetterConfig",
	"environment":       "Environment",
	"ephemeralStorage":  "EphemeralStorage",
	"fileSystemConfigs": "FileSystemConfigs",
	"layers":            "Layers",
	"tracingConfig":     "TracingConfig",
	"vpcConfig":         "VpcConfig",
}

// Validate returns a sentence for each property that Lambda@Edge forbids.
func (f *edgeFunction) Validate() *[]*string {
	properties := construct.ResolvedProperties(f.function.Node().DefaultChild().(awslambda.CfnFunction))
	problems := []*string{}
	report := func(format string, args ...any) {
		problems = append(problems, jsii.String(fmt.Sprintf(format, args...)))
	}
	for _, name := range slices.Sorted(maps.Keys(forbiddenAtEdge)) {
		if _, ok := properties[name]; ok {
			report("Lambda@Edge functions can't have %s: remove it", forbiddenAtEdge[name])
		}
	}
	if timeout, ok := properties["timeout"].(float64); ok && timeout > maxEdgeTimeout {
		report("got Timeout %v s: Lambda@Edge allows %d s at origin-request", timeout, maxEdgeTimeout)
	}
	architectures, _ := properties["architectures"].([]any)
	for _, architecture := range architectures {
		if architecture != "x86_64" {
			report("got Architectures %v: Lambda@Edge runs x86_64 only", architecture)
		}
	}
	return &problems
}

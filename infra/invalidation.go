package infra

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// invalidationCode runs as inline code, for which Lambda provides cfnresponse.
// CDK's AwsCustomResource would do the same, but its package imports Step Functions:
// every app would compile six packages more.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
//
//go:embed invalidate.py
var invalidationCode string

type invalidationHandler struct{}

// Bind returns the configuration of the function.
func (invalidationHandler) Bind(constructs.Construct, awslambda.Architecture) *HandlerConfig {
	return &HandlerConfig{
		Code:       awslambda.Code_FromInline(&invalidationCode),
		Runtime:    awslambda.Runtime_PYTHON_3_13(),
		Handler:    jsii.String("index.handler"),
		InvokeMode: awslambda.InvokeMode_BUFFERED,
	}
}

// invalidatePages makes deployments that change a backend's function remove paths
// from the cache of a distribution, if there are any.
func invalidatePages(scope constructs.Construct, distribution awscloudfront.Distribution, backend backend, paths *[]*string) {
	if paths == nil || len(*paths) == 0 {
		return
	}
	function := backend.function
	if alias, ok := function.(awslambda.IAlias); ok {
		function = alias.Version().Lambda()
	}
	resource, ok := function.Node().DefaultChild().(awslambda.CfnFunction)
	if !ok {
		construct.Fail(scope, nil, "got InvalidationPaths with a Function of another app, of which no deployment here tells a change: "+
			"invalidate where it is deployed, with aws cloudfront create-invalidation")
	}
	invalidator := NewHandlerFunction(scope, jsii.String("Invalidator"), &HandlerFunctionProps{Handler: invalidationHandler{}})
	construct.Suppress(invalidator.Function, "AwsSolutions-L1", "The code is four statements, for any runtime of Python that has boto3.")
	invalidator.Function.AddToRolePolicy(construct.Allow(distribution.DistributionArn(), "cloudfront:CreateInvalidation"))
	invalidation := awscdk.NewCustomResource(scope, jsii.String("Invalidation"), &awscdk.CustomResourceProps{
		ServiceToken: invalidator.Function.FunctionArn(),
		ResourceType: jsii.String("Custom::PageInvalidation"),
		Properties: &map[string]any{
			"DistributionId": distribution.DistributionId(),
			"Paths":          paths,
			"Version":        awscdk.Lazy_String(&functionVersion{resource}, nil),
		},
	})
	// It follows the new code, and the shift of an alias to it.
	invalidation.Node().AddDependency(backend.function, invalidator)
}

// A functionVersion is a token that changes with the properties of a function,
// the hash of its code among them. It implements awscdk.IStableStringProducer.
type functionVersion struct {
	function awslambda.CfnFunction
}

// Produce returns a hash of the properties.
func (v *functionVersion) Produce() *string {
	// What is resolved is in the template, so it can be JSON.
	properties, _ := json.Marshal(construct.ResolvedProperties(v.function))
	sum := sha256.Sum256(properties)
	return jsii.String(fmt.Sprintf("%x", sum[:8]))
}

// invalidationPath matches a path, or the beginning of paths before an asterisk.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
var invalidationPath = regexp.MustCompile(`^/[^*]*\*?$`)

// checkInvalidationPaths panics with an *Error about the construct id in scope if
// CloudFront wouldn't accept a path.
func checkInvalidationPaths(scope constructs.Construct, id *string, paths *[]*string) {
	for _, path := range texts(paths) {
		if construct.IsConcrete(&path) && !invalidationPath.MatchString(path) {
			construct.Fail(scope, id, `got %q in InvalidationPaths: use a path that begins with a slash, with an asterisk at its end only, such as "/news/*"`, path)
		}
	}
}

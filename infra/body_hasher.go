package infra

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// BodyHasherProps are the properties of a BodyHasher.
type BodyHasherProps struct {
	// MemorySize is the function's memory in MB, 128 to 10240. Lambda allots CPU in
	// proportion to it, and hashing 1 MB takes CPU.
	//
	// Default: 256
	MemorySize *float64
}

// A BodyHasher defines the Lambda@Edge function body_hasher. At origin-request
// it sets x-amz-content-sha256 to the hash of the request's body, which
// CloudFront signs and Lambda requires. It rejects a body that it can't hash,
// such as one over 1 MB for which the viewer sent no hash.
//
// The function and its versions are retained when they leave the template:
// CloudFront keeps replicas of a version for hours, and Lambda can't delete a
// version that has replicas. They are deleted if the deployment that creates
// them fails, before CloudFront has replicated anything.
type BodyHasher struct {
	construct.Base

	// Function is the Lambda function, in us-east-1.
	Function awslambda.Function

	// Version is the current version of Function. Its logical id changes with
	// the code and the configuration.
	Version awslambda.Version

	output awscdk.CfnOutput

	// versions holds the results of VersionIn by the path of the scope.
	versions map[string]awslambda.IVersion
}

// NewBodyHasher defines a BodyHasher. The props may be nil. It panics with an
// *Error if the stack of scope is not in us-east-1.
func NewBodyHasher(scope constructs.Construct, id *string, props *BodyHasherProps) *BodyHasher {
	defer construct.Within(scope, id, props)()
	stack := awscdk.Stack_Of(scope)
	if region := stack.Region(); *awscdk.Token_IsUnresolved(region) {
		construct.Fail(scope, id, "BodyHasher got a stack without a region: set Env.Region of the stack to %s", construct.EdgeRegion)
	} else if *region != construct.EdgeRegion {
		construct.Fail(scope, id, "BodyHasher got a stack in %s: Lambda@Edge accepts functions only from %s", *region, construct.EdgeRegion)
	}

	h := &BodyHasher{versions: map[string]awslambda.IVersion{}}
	constructs.NewConstruct_Override(h, scope, id)
	// CDK would name the log group as Lambda does outside the edge.
	h.Node().SetContext(jsii.String("@aws-cdk/aws-lambda:useCdkManagedLogGroup"), false)
	role := awsiam.NewRole(h, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewCompositePrincipal(
			awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
			awsiam.NewServicePrincipal(jsii.String("edgelambda.amazonaws.com"), nil),
		),
	})
	dir := bodyHasherDirectory(scope, id)
	defer os.RemoveAll(dir)
	h.Function = awslambda.NewFunction(h, jsii.String("Function"), &awslambda.FunctionProps{
		Description:  jsii.String("Sets x-amz-content-sha256 at origin-request"),
		Code:         awslambda.Code_FromAsset(jsii.String(dir), nil),
		Runtime:      awslambda.Runtime_NODEJS_24_X(),
		Handler:      jsii.String("body_hasher.handler"),
		Architecture: awslambda.Architecture_X86_64(),
		MemorySize:   cmp.Or(construct.CopyOf(props).MemorySize, jsii.Number(256)),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(5)),
		Role:         role,
		CurrentVersionOptions: &awslambda.VersionOptions{
			RemovalPolicy: awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
		},
	})
	h.Function.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE)
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html#lambda-at-edge-function-runtimes
	construct.Suppress(h.Function, "AwsSolutions-L1", "Lambda has newer versions of Node.js, which Lambda@Edge does not document.")
	h.defineLogs(role)

	h.Version = h.Function.CurrentVersion()
	h.output = awscdk.NewCfnOutput(h, jsii.String("VersionArn"), &awscdk.CfnOutputProps{
		Description: jsii.String("The version of body_hasher for behaviors to use"),
		Value:       h.Version.FunctionArn(),
	})
	return h
}

// defineLogs allows the function to write its logs. Lambda@Edge writes them in
// the region where the function ran, to a log group whose name starts with
// us-east-1 and which it creates if necessary. Only the group in us-east-1 can
// be defined here; those in other regions have no retention limit.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
func (h *BodyHasher) defineLogs(role awsiam.Role) {
	name := fmt.Sprintf("/aws/lambda/%s.%s", construct.EdgeRegion, *h.Function.FunctionName())
	awslogs.NewLogGroup(h, jsii.String("LogGroup"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String(name),
		Retention:     awslogs.RetentionDays_ONE_MONTH,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	everywhere := awscdk.Stack_Of(h).FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("logs"),
		Region:       jsii.String("*"),
		Resource:     jsii.String("log-group"),
		ResourceName: jsii.String(name + ":*"),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
	// An inline policy of the role would have to exist before the function
	// whose name it contains.
	policy := awsiam.NewPolicy(h, jsii.String("LogsPolicy"), &awsiam.PolicyProps{
		Roles: &[]awsiam.IRole{role},
		Statements: &[]awsiam.PolicyStatement{
			construct.Allow(everywhere, "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
		},
	})
	construct.Suppress(policy, "AwsSolutions-IAM5",
		"Lambda@Edge writes the logs of this function in the region nearest to the viewer.", `^Resource::arn:.+:logs:\*:.+:log-group:\/aws\/lambda\/us-east-1\..+:\*$`)
}

// bodyHasherDirectory writes the embedded code to a temporary directory for a
// CDK asset. The caller removes it.
func bodyHasherDirectory(scope constructs.Construct, id *string) string {
	dir, err := os.MkdirTemp("", "body_hasher")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "body_hasher.js"), []byte(edge.BodyHasher), 0o644)
	}
	if err != nil {
		construct.Fail(scope, id, "could not write the code of body_hasher: %v", err)
	}
	return dir
}

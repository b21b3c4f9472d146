package infra

import (
	"reflect"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// HandlerFunctionProps are the properties of a HandlerFunction.
type HandlerFunctionProps struct {
	// Handler is the program that the function runs.
	Handler Handler

	// FunctionOptions configures the function, in the words of awslambda.
	// LogRetention and LogRemovalPolicy are those of its log group, which needs no
	// LogRetentionRole and LogRetentionRetryOptions. A function URL doesn't stream in a
	// Vpc, and can't have TenancyConfig. With DurableConfig, Role needs the managed
	// policy service-role/AWSLambdaBasicDurableExecutionRolePolicy.
	//
	// Default: arm64, 256 MB of memory, a timeout of 5 minutes for the whole
	// stream, a log group that keeps logs for a month and is removed with the
	// stack, and a role that allows only to write there
	FunctionOptions *awslambda.FunctionOptions
}

// A HandlerFunction defines a Lambda function that runs a Handler, with its own
// log group and a role that allows it only to write there.
type HandlerFunction struct {
	construct.Base

	// Function is the Lambda function.
	Function awslambda.Function

	// LogGroup receives the function's logs. It is nil if FunctionOptions has a
	// LogGroup.
	LogGroup awslogs.LogGroup

	// InvokeMode is how a function URL has to invoke the function: with
	// InvokeMode_BUFFERED for a Handler that can't stream.
	InvokeMode awslambda.InvokeMode
}

// NewHandlerFunction defines a HandlerFunction. It panics with an *Error if
// props has no Handler, or options that the handler or the CDK rejects.
func NewHandlerFunction(scope constructs.Construct, id *string, props *HandlerFunctionProps) *HandlerFunction {
	defer construct.Within(scope, id, props)()
	if props == nil || props.Handler == nil {
		construct.Fail(scope, id, `HandlerFunction got no Handler: set one, such as infra.GoHandler("./functions/demo")`)
	}
	options := functionOptions(props.FunctionOptions)
	f := new(HandlerFunction)
	constructs.NewConstruct_Override(f, scope, id)
	f.defineLogs(options)

	config := props.Handler.Bind(f, options.Architecture)
	if config == nil || config.Code == nil || config.Runtime == nil || config.Handler == nil {
		construct.Fail(f, nil, "got a Handler of type %T whose Bind gives no Code, Runtime or Handler: set all three", props.Handler)
	}
	config.setDefaults()
	construct.Check(f, nil, config.Check(options))
	construct.CheckProps(f, nil, "", reflect.ValueOf(config))
	f.InvokeMode = config.InvokeMode
	f.Function = f.define(config, functionProps(options, config))
	construct.Check(f, nil, config.Failure())
	for _, warning := range config.Warnings() {
		awscdk.Annotations_Of(f).AddWarningV2(jsii.String("cloudfurl:Dependencies"), jsii.String(warning), nil)
	}
	f.explain(options)
	return f
}

// defineLogs gives options a log group and a role that allows to write there,
// unless they have their own.
func (f *HandlerFunction) defineLogs(options *awslambda.FunctionOptions) {
	if options.Role == nil {
		// The managed policy that CDK would attach allows writing to every log
		// group in the account.
		options.Role = awsiam.NewRole(f, jsii.String("Role"), &awsiam.RoleProps{
			AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		})
		permitVpc(options)
	}
	if options.LogGroup != nil {
		options.Role.AddToPrincipalPolicy(construct.Allow(options.LogGroup.LogGroupRef().LogGroupArn, "logs:CreateLogStream", "logs:PutLogEvents"))
		return
	}
	f.LogGroup = awslogs.NewLogGroup(f, jsii.String("LogGroup"), takeLogOptions(options))
	f.LogGroup.GrantWrite(options.Role)
	options.LogGroup = f.LogGroup
}

// permitVpc lets the function's role define the network interfaces of a function in a VPC.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
func permitVpc(options *awslambda.FunctionOptions) {
	if options.Vpc == nil {
		return
	}
	options.Role.AddToPrincipalPolicy(construct.Allow(jsii.String("*"), "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface",
		"ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses"))
}

// explain suppresses the findings of cdk-nag about what the options add to the
// function's own role.
func (f *HandlerFunction) explain(options *awslambda.FunctionOptions) {
	role := f.Node().TryFindChild(jsii.String("Role"))
	if role == nil {
		return
	}
	if options.InsightsVersion != nil {
		construct.Suppress(role, "AwsSolutions-IAM4", "Lambda Insights documents this managed policy for the roles of its functions.")
	}
	if policy := role.Node().TryFindChild(jsii.String("DefaultPolicy")); policy != nil && (options.Tracing != "" || options.Vpc != nil) {
		construct.Suppress(policy, "AwsSolutions-IAM5", "X-Ray's actions for traces, and those for network interfaces in a VPC, have no resources to limit them to.", `^Resource::\*$`)
	}
}

// define defines the function. If its code can't be bundled it returns nil and
// config.Failure reports why: CDK's own panic says only that the output is
// missing.
func (f *HandlerFunction) define(config *HandlerConfig, props *awslambda.FunctionProps) awslambda.Function {
	defer func() {
		if config.Failure() != nil {
			recover()
		}
	}()
	return awslambda.NewFunction(f, jsii.String("Function"), props)
}

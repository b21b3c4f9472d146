package infra

import (
	"math"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Lambda's limits for a function.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	minMemorySize = 128   // MB
	maxMemorySize = 10240 // MB
	minTimeout    = 1     // seconds
	maxTimeout    = 900   // seconds
)

// constantName matches the values of awscdk's enums. jsii takes some other
// values for numbers of members.
var constantName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// HandlerFunctionProps are the properties of a HandlerFunction.
type HandlerFunctionProps struct {
	// Handler is the program that the function runs.
	Handler Handler

	// Architecture is the instruction set of the function.
	//
	// Default: awslambda.Architecture_ARM_64()
	Architecture awslambda.Architecture

	// MemorySize is the function's memory, 128 to 10240 MB. Lambda allocates
	// CPU in proportion to it.
	//
	// Default: 256
	MemorySize *float64

	// Timeout is how long one request may take, including the whole stream. A
	// function whose viewer has disconnected continues to run, and is billed,
	// until it returns or reaches this limit. Lambda allows 1 second to 15
	// minutes.
	//
	// Default: 5 minutes
	Timeout awscdk.Duration

	// Environment holds the environment variables of the function.
	//
	// Default: no variables
	Environment *map[string]*string

	// ReservedConcurrentExecutions is the maximum number of requests that the
	// function serves at the same time; others get status 429.
	//
	// Default: only the account's limit applies
	ReservedConcurrentExecutions *float64

	// LogRetention is how long CloudWatch Logs keeps the function's logs.
	//
	// Default: awslogs.RetentionDays_ONE_MONTH
	LogRetention awslogs.RetentionDays
}

// A HandlerFunction defines a Lambda function that runs a Handler, with its own
// log group and a role that allows it only to write there.
type HandlerFunction struct {
	constructs.Construct

	// Function is the Lambda function.
	Function awslambda.Function

	// LogGroup receives the function's logs. It is removed with the stack.
	LogGroup awslogs.LogGroup
}

// NewHandlerFunction defines a HandlerFunction. It panics with an *Error if
// props has no Handler, or a MemorySize or Timeout that Lambda doesn't allow.
func NewHandlerFunction(scope constructs.Construct, id *string, props *HandlerFunctionProps) *HandlerFunction {
	defer within(scope, id)
	if props == nil || props.Handler == nil {
		fail(scope, id, `HandlerFunction got no Handler: give one, such as infra.GoHandler("./functions/demo")`)
	}
	props.validate(scope, id)
	f := new(HandlerFunction)
	constructs.NewConstruct_Override(f, scope, id)

	architecture := props.Architecture
	if architecture == nil {
		architecture = awslambda.Architecture_ARM_64()
	}
	memorySize := props.MemorySize
	if memorySize == nil {
		memorySize = jsii.Number(256)
	}
	timeout := props.Timeout
	if timeout == nil {
		timeout = awscdk.Duration_Minutes(jsii.Number(5))
	}
	retention := props.LogRetention
	if retention == "" {
		retention = awslogs.RetentionDays_ONE_MONTH
	}

	f.LogGroup = awslogs.NewLogGroup(f, jsii.String("LogGroup"), &awslogs.LogGroupProps{
		Retention:     retention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	// The managed policy that CDK would attach allows writing to every log
	// group in the account.
	role := awsiam.NewRole(f, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
	})
	f.LogGroup.GrantWrite(role)

	config := props.Handler.bind(f, architecture)
	f.Function = f.define(config, &awslambda.FunctionProps{
		Code:                         config.code,
		Runtime:                      config.runtime,
		Handler:                      jsii.String(config.handler),
		Architecture:                 architecture,
		MemorySize:                   memorySize,
		Timeout:                      timeout,
		Environment:                  props.Environment,
		ReservedConcurrentExecutions: props.ReservedConcurrentExecutions,
		LogGroup:                     f.LogGroup,
		Role:                         role,
	})
	if err := config.failure(); err != nil {
		fail(f, nil, "%v", err)
	}
	return f
}

// define defines the function. If its code can't be bundled it returns nil and
// config.failure reports why: CDK's own panic says only that the output is
// missing.
func (f *HandlerFunction) define(config handlerConfig, props *awslambda.FunctionProps) awslambda.Function {
	defer func() {
		if config.failure() != nil {
			recover()
		}
	}()
	return awslambda.NewFunction(f, jsii.String("Function"), props)
}

// ToString returns the construct's path.
func (f *HandlerFunction) ToString() *string {
	return f.Node().Path()
}

// validate panics with an *Error about the construct id in scope if Lambda
// wouldn't accept the function.
func (p *HandlerFunctionProps) validate(scope constructs.Construct, id *string) {
	checkMemorySize(scope, id, p.MemorySize)
	if n := p.ReservedConcurrentExecutions; n != nil && !*awscdk.Token_IsUnresolved(n) && (*n < 0 || *n != math.Trunc(*n)) {
		fail(scope, id, "got ReservedConcurrentExecutions %v: give a whole number of requests, 0 or more", *n)
	}
	if r := p.LogRetention; r != "" && !constantName.MatchString(string(r)) {
		fail(scope, id, "got LogRetention %q: give one of awslogs's constants, such as awslogs.RetentionDays_ONE_WEEK", r)
	}
	if s, whole, given := seconds(p.Timeout); given && (!whole || s < minTimeout || s > maxTimeout) {
		fail(scope, id, "got Timeout %v s: give %d to %d whole seconds, enough for the whole stream", s, minTimeout, maxTimeout)
	}
}

// checkMemorySize panics with an *Error about the construct id in scope if
// Lambda wouldn't accept a function's memory.
func checkMemorySize(scope constructs.Construct, id *string, m *float64) {
	if m != nil && !*awscdk.Token_IsUnresolved(m) && (*m < minMemorySize || *m > maxMemorySize || *m != math.Trunc(*m)) {
		fail(scope, id, "got MemorySize %v MB: give %d to %d whole MB", *m, minMemorySize, maxMemorySize)
	}
}

// seconds returns a duration in seconds and whether it is a whole number of
// them. given is false for nil and for a token.
func seconds(duration awscdk.Duration) (s float64, whole, given bool) {
	if duration == nil || *duration.IsUnresolved() {
		return 0, false, false
	}
	s = *duration.ToMilliseconds(nil) / 1000
	return s, s == math.Trunc(s), true
}

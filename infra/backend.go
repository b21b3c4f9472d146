package infra

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// A backend is the function behind a URL, or its alias, with its log group if that is
// defined here.
type backend struct {
	function   awslambda.IFunction
	logGroup   awslogs.LogGroup
	invokeMode awslambda.InvokeMode
}

// checkBackend panics with an *Error about the construct id in scope unless exactly
// one of Handler, Function and Origin is given, with options and an alias that go with
// it.
func (p *BehaviorProps) checkBackend(scope constructs.Construct, id *string) {
	switch {
	case p.Origin != nil && (p.Handler != nil || p.Function != nil || p.FunctionOptions != nil || p.Alias != nil || p.ReadTimeout != nil):
		construct.Fail(scope, id, "got Origin and also Handler, Function, FunctionOptions, Alias or ReadTimeout: these define the URL of a function, set them where the Origin is defined")
	case p.Origin != nil:
		return
	case p.Handler == nil && p.Function == nil:
		construct.Fail(scope, id, `got neither Handler nor Function: set a Handler, such as infra.GoHandler("./functions/demo")`)
	case p.Handler != nil && p.Function != nil:
		construct.Fail(scope, id, "got both Handler and Function: set one of them")
	case p.Function != nil && p.FunctionOptions != nil:
		construct.Fail(scope, id, "got Function and also FunctionOptions: these configure the function that runs a Handler, set them on the Function itself")
	}
	p.Alias.check(scope, id, p.Function)
}

// newBackend returns the Function of props, or defines one that runs the Handler.
// With an Origin it returns an empty backend.
func newBackend(scope constructs.Construct, props *BehaviorProps) backend {
	if props.Handler == nil {
		return backend{function: props.Function, invokeMode: awslambda.InvokeMode_RESPONSE_STREAM}
	}
	defined := NewHandlerFunction(scope, jsii.String("Handler"), &HandlerFunctionProps{
		Handler:         props.Handler,
		FunctionOptions: props.FunctionOptions,
	})
	b := backend{defined.Function, defined.LogGroup, defined.InvokeMode}
	if props.Alias != nil {
		b.function = newAlias(scope, defined.Function, props.Alias)
	}
	return b
}

// newOrigin defines the URL of the function as an origin, or returns the Origin of
// props.
func (b backend) newOrigin(scope constructs.Construct, props *BehaviorProps, cors *awscloudfront.ResponseHeadersCorsBehavior) *StreamingOrigin {
	if props.Origin != nil {
		return &StreamingOrigin{Origin: props.Origin}
	}
	return NewStreamingOrigin(scope, jsii.String("Origin"), &StreamingOriginProps{
		Function:      b.function,
		InvokeMode:    b.invokeMode,
		ReadTimeout:   props.ReadTimeout,
		OriginOptions: props.OriginOptions,
		Cors:          functionUrlCors(cors),
	})
}

// functionProblem returns why a function can't have a URL with an invoke mode in the
// stack of scope, or "". Lambda defines function URLs in the function's own region.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
func functionProblem(scope constructs.Construct, function awslambda.IFunction, mode awslambda.InvokeMode) string {
	if mode == awslambda.InvokeMode_RESPONSE_STREAM && isInVpc(function) {
		return "got a Function in a VPC: " + vpcHint
	}
	env := function.Env()
	own := construct.EnvironmentOf(scope)
	var elsewhere, here []string
	for _, part := range []struct{ name, function, own string }{
		{"account", *env.Account, own.Account},
		{"region", *env.Region, own.Region},
	} {
		switch functionStack := function.Stack(); {
		case part.function == part.own:
		case construct.IsConcrete(&part.function) && construct.IsConcrete(&part.own):
			elsewhere = append(elsewhere, part.name+" "+part.function)
			here = append(here, part.name+" "+part.own)
		case *functionStack.Node().Addr() != *awscdk.Stack_Of(scope).Node().Addr():
			return fmt.Sprintf("got a Function of another stack, and only one of the two stacks has a given %s: set it in both, or in neither", part.name)
		}
	}
	if len(elsewhere) == 0 {
		return ""
	}
	problem := fmt.Sprintf("got a Function of %s in a stack of %s: its URL has to be there, define this construct in a stack of %[1]s",
		strings.Join(elsewhere, " and "), strings.Join(here, " and "))
	if *env.Account == own.Account {
		problem += ", or a StreamingOrigin in the function's region, whose Origin works in distributions elsewhere"
	}
	return problem
}

// isInVpc reports whether a function, or the one behind an alias, is in a VPC.
func isInVpc(function awslambda.IFunction) bool {
	if alias, ok := function.(awslambda.IAlias); ok {
		function = alias.Version().Lambda()
	}
	return *function.IsBoundToVpc()
}

// vpcHint says why a function in a VPC can't stream, and what to do.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html#config-rs-vpc-compatibility
const vpcHint = "function URLs don't stream responses in a VPC, define the function without one and reach private resources through their public API, " +
	"put a restapi.StreamingRestApi in front of it, or set InvokeMode_BUFFERED of a StreamingOrigin"

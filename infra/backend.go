package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// backendProps are what an Endpoint's props and a Behavior's have in common.
type backendProps struct {
	handler         Handler
	function        awslambda.IFunction
	functionOptions *awslambda.FunctionOptions
	alias           *AliasOptions
	readTimeout     awscdk.Duration
	cors            *awscloudfront.ResponseHeadersCorsBehavior
}

// A backend is a function with its URL as an origin.
type backend struct {
	function awslambda.IFunction
	logGroup awslogs.LogGroup
	origin   *StreamingOrigin
}

func newBackend(scope constructs.Construct, props *backendProps) backend {
	var b backend
	b.function, b.logGroup = serve(scope, props)
	b.origin = NewStreamingOrigin(scope, jsii.String("Origin"), &StreamingOriginProps{
		Function:    b.function,
		ReadTimeout: props.readTimeout,
		Cors:        functionUrlCors(props.cors),
	})
	return b
}

// serve returns the function that serves requests, or its alias, and the log
// group if it defines one: props.function, or one that runs props.handler.
func serve(scope constructs.Construct, props *backendProps) (awslambda.IFunction, awslogs.LogGroup) {
	if props.function != nil {
		return props.function, nil
	}
	handler := NewHandlerFunction(scope, jsii.String("Handler"), &HandlerFunctionProps{
		Handler:         props.handler,
		FunctionOptions: props.functionOptions,
	})
	if props.alias != nil {
		return newAlias(scope, handler.Function, props.alias), handler.LogGroup
	}
	return handler.Function, handler.LogGroup
}

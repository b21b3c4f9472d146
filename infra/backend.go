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
	served := serve(scope, props)
	b.function, b.logGroup = served.function, served.logGroup
	b.origin = NewStreamingOrigin(scope, jsii.String("Origin"), &StreamingOriginProps{
		Function:    b.function,
		InvokeMode:  served.invokeMode,
		ReadTimeout: props.readTimeout,
		Cors:        functionUrlCors(props.cors),
	})
	return b
}

// A server is a function that serves requests, or its alias, with its log group if
// that is defined here.
type server struct {
	function   awslambda.IFunction
	logGroup   awslogs.LogGroup
	invokeMode awslambda.InvokeMode
}

// serve returns props.function, or defines a function that runs props.handler.
func serve(scope constructs.Construct, props *backendProps) server {
	if props.function != nil {
		return server{function: props.function, invokeMode: awslambda.InvokeMode_RESPONSE_STREAM}
	}
	handler := NewHandlerFunction(scope, jsii.String("Handler"), &HandlerFunctionProps{
		Handler:         props.handler,
		FunctionOptions: props.functionOptions,
	})
	s := server{handler.Function, handler.LogGroup, handler.InvokeMode}
	if props.alias != nil {
		s.function = newAlias(scope, handler.Function, props.alias)
	}
	return s
}

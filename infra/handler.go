package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
)

// A Handler is a program that serves the requests of a function URL: its code
// and how Lambda runs it. GoHandler, WebAppHandler, ImageHandler and PythonHandler
// return one, and apps can implement others.
type Handler interface {
	// Bind returns what the function in scope needs to run the handler on an
	// architecture. It is called once for each function.
	Bind(scope constructs.Construct, architecture awslambda.Architecture) *HandlerConfig
}

// A HandlerConfig is what Lambda needs to run a Handler. Code, Runtime and Handler
// are required.
type HandlerConfig struct {
	// Code is the program.
	Code awslambda.Code

	// Runtime is a runtime that can stream responses, Node.js or an OS-only one;
	// or any runtime if AWS's Lambda Web Adapter serves the requests or InvokeMode
	// is BUFFERED.
	Runtime awslambda.Runtime

	// Handler is what the runtime runs, such as "index.handler".
	Handler *string

	// Environment are environment variables of the function. Those of
	// FunctionOptions replace them.
	//
	// Default: none
	Environment map[string]*string

	// Layers are the function's first layers; those of FunctionOptions follow.
	//
	// Default: none
	Layers []awslambda.ILayerVersion

	// InvokeMode is how the function URL invokes the function.
	//
	// Default: awslambda.InvokeMode_RESPONSE_STREAM
	InvokeMode awslambda.InvokeMode

	// Failure returns why CDK couldn't bundle Code, or nil. It is called after
	// CDK has tried.
	//
	// Default: CDK's own errors are reported
	Failure func() error

	// check returns why the function can't run the handler with options, or "". It may
	// change the config to agree with them.
	check func(config *HandlerConfig, options *awslambda.FunctionOptions) string

	// warnings returns what may go wrong with Code, after CDK has bundled it.
	warnings func() []string
}

// invokeMode returns how the function URL invokes the function.
func (c *HandlerConfig) invokeMode() awslambda.InvokeMode {
	if c.InvokeMode == "" {
		return awslambda.InvokeMode_RESPONSE_STREAM
	}
	return c.InvokeMode
}

// problem returns why the function can't run the handler with options, or "".
func (c *HandlerConfig) problem(options *awslambda.FunctionOptions) string {
	if c.check == nil {
		return ""
	}
	return c.check(c, options)
}

// failure returns why CDK couldn't bundle the code, or nil.
func (c *HandlerConfig) failure() error {
	if c.Failure == nil {
		return nil
	}
	return c.Failure()
}

package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
)

// A Handler is a program that serves the requests of a function URL: its code
// and how Lambda runs it. GoHandler returns one, and apps can implement others.
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

	// Runtime is a runtime that can stream responses: Node.js or an OS-only one.
	Runtime awslambda.Runtime

	// Handler is what the runtime runs, such as "index.handler".
	Handler *string

	// Failure returns why CDK couldn't bundle Code, or nil. It is called after
	// CDK has tried.
	//
	// Default: CDK's own errors are reported
	Failure func() error
}

// failure returns why CDK couldn't bundle the code, or nil.
func (c *HandlerConfig) failure() error {
	if c.Failure == nil {
		return nil
	}
	return c.Failure()
}

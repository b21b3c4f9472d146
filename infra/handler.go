package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
)

// A Handler is a program that serves the requests of a function URL: its code
// and how Lambda runs it. GoHandler returns one.
type Handler interface {
	// bind returns what a function in scope needs to run the handler on an
	// architecture.
	bind(scope constructs.Construct, architecture awslambda.Architecture) handlerConfig
}

// A handlerConfig is what Lambda needs to run a Handler.
type handlerConfig struct {
	code    awslambda.Code
	runtime awslambda.Runtime
	handler string

	// failure returns why CDK couldn't bundle the code, or nil.
	failure func() error
}

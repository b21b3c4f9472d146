package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
)

// A Handler is a program that answers the requests of a function URL: its code,
// and how Lambda runs it. GoHandler makes one.
type Handler interface {
	// bind returns what a function in scope needs to run the handler on
	// machines of the given architecture.
	bind(scope constructs.Construct, architecture awslambda.Architecture) handlerConfig
}

// A handlerConfig is what Lambda has to know to run a Handler.
type handlerConfig struct {
	code    awslambda.Code
	runtime awslambda.Runtime
	handler string

	// failure returns why CDK could not bundle the code, if it could not.
	failure func() error
}

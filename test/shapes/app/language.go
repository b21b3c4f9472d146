package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
)

// A language is the language of the buffered handlers.
type language struct {
	runtime awslambda.Runtime

	// inline is the code of index.handler.
	inline *string

	// layered is the code of index.handler that uses the layer in code/layer.
	layered *string

	// directory holds the module of the handler greeter.
	directory, greeter string
}

// buffered returns the language that the environment variable SHAPES_LANGUAGE
// names: python, or node if Python isn't installed.
func buffered() language {
	if os.Getenv("SHAPES_LANGUAGE") == "python" {
		return language{awslambda.Runtime_PYTHON_3_12(), source("inspect.py"), source("layered.py"), "app/code/python", "package.greeter.handler"}
	}
	return language{awslambda.Runtime_NODEJS_22_X(), source("buffered.js"), source("layered.js"), "app/code/node", "package/greeter.handler"}
}

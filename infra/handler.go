package infra

import (
	"cmp"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
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

	// Check returns why the function can't run the handler with options, which have
	// the defaults of HandlerFunctionProps. It is called before the function is
	// defined, and may change Environment and Layers to agree with them.
	//
	// Default: all options are accepted
	Check func(options *awslambda.FunctionOptions) error

	// Warnings returns what may go wrong with Code. It is called after CDK has
	// bundled it.
	//
	// Default: none
	Warnings func() []string
}

func (c *HandlerConfig) setDefaults() {
	c.InvokeMode = cmp.Or(c.InvokeMode, awslambda.InvokeMode_RESPONSE_STREAM)
	if c.Failure == nil {
		c.Failure = func() error { return nil }
	}
	if c.Check == nil {
		c.Check = func(*awslambda.FunctionOptions) error { return nil }
	}
	if c.Warnings == nil {
		c.Warnings = func() []string { return nil }
	}
}

// onlyProps returns a copy of the props that follow a handler's directory.
func onlyProps[T any](name, dir string, props []*T) (only T) {
	if len(props) > 1 {
		panic(&Error{Path: fmt.Sprintf("%s(%s)", name, dir), Reason: "got more than one props: pass one"})
	}
	if len(props) == 1 && props[0] != nil {
		only = *props[0]
	}
	return only
}

// GoHandlerProps are the optional properties of GoHandler.
type GoHandlerProps struct {
	// Dir is the directory that the go command runs in. It determines which
	// go.mod applies and what relative paths are relative to.
	//
	// Default: the working directory of the CDK app.
	Dir string

	// BuildTags are additional build tags.
	//
	// Default: none; the tag lambda.norpc is always set.
	BuildTags []string

	// LinkerFlags are additional linker flags, such as "-X main.version=1". A
	// flag that changes with every build makes every deployment replace the
	// code.
	//
	// Default: none; the flags "-s -w -buildid=" are always set.
	LinkerFlags []string
}

// GoHandler returns a Handler for the Go main package at an import path or in a
// directory ("./functions/demo"), to run on the runtime provided.al2023. At
// most one props may follow.
//
// The context keys "cloudfurl:goos" and "cloudfurl:goarch" select another machine
// than the function's, such as darwin and amd64, to run the handler in the local
// edge on that machine. Such an assembly can't be deployed.
//
// The package is compiled by the go command when a stack that uses it is
// synthesized, without Docker. The same sources, dependencies and Go version
// give the same bytes on every machine, so a deployment replaces only code that has
// changed. If the package doesn't compile, synthesis panics with an *Error that
// contains the compiler's output.
func GoHandler(importPathOrDir string, props ...*GoHandlerProps) Handler {
	return goHandler{importPathOrDir, onlyProps("GoHandler", importPathOrDir, props)}
}

type goHandler struct {
	path  string
	props GoHandlerProps
}

// Bind returns the configuration of a function that runs the executable.
func (h goHandler) Bind(scope constructs.Construct, architecture awslambda.Architecture) *HandlerConfig {
	return newCodeConfig(scope, &code.GoBuild{
		Package:     h.path,
		Dir:         h.props.Dir,
		BuildTags:   h.props.BuildTags,
		LinkerFlags: h.props.LinkerFlags,
		Machine:     machineOf(scope, architecture),
	}, awslambda.Runtime_PROVIDED_AL2023(), code.GoExecutable)
}

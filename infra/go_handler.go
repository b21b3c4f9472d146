package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

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

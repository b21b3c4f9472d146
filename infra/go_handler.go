package infra

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
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
	if h.path == "" {
		construct.Fail(scope, nil, `GoHandler got an empty path: give an import path or a directory, such as "./functions/demo"`)
	}
	runtime := awslambda.Runtime_PROVIDED_AL2023()
	build := goBuild{
		Package:      h.path,
		OS:           contextOr(scope, "cloudfurl:goos", "linux"),
		Dir:          h.props.Dir,
		Architecture: contextOr(scope, "cloudfurl:goarch", goArchitecture(scope, architecture)),
		BuildTags:    h.props.BuildTags,
		LinkerFlags:  h.props.LinkerFlags,
	}
	return &HandlerConfig{
		Runtime: runtime,
		Handler: jsii.String(goExecutable),
		Failure: func() error { return build.err },
		Code: awslambda.Code_FromAsset(jsii.String(build.directory()), &awss3assets.AssetOptions{
			AssetHashType: awscdk.AssetHashType_OUTPUT,
			Bundling: &awscdk.BundlingOptions{
				Image: runtime.BundlingImage(),
				Local: &build,
				// The local build doesn't read these. They are the key of
				// CDK's cache of bundled assets.
				Command: jsii.Strings(build.arguments("bootstrap")...),
				Environment: &map[string]*string{
					"GOARCH":  jsii.String(build.Architecture),
					"GOOS":    jsii.String(build.OS),
					"PACKAGE": jsii.String(build.Package),
				},
			},
		}),
	}
}

// contextOr returns the value of a context key, or a default if it isn't set.
func contextOr(scope constructs.Construct, key, fallback string) string {
	if value, ok := scope.Node().TryGetContext(jsii.String(key)).(string); ok && value != "" {
		return value
	}
	return fallback
}

// goArchitectures maps Lambda's architectures to Go's.
var goArchitectures = map[string]string{"arm64": "arm64", "x86_64": "amd64"}

func goArchitecture(scope constructs.Construct, architecture awslambda.Architecture) string {
	name, ok := goArchitectures[*architecture.Name()]
	if !ok {
		known := slices.Sorted(maps.Keys(goArchitectures))
		construct.Fail(scope, nil, "got architecture %s: give one of %s", *architecture.Name(), strings.Join(known, ", "))
	}
	return name
}

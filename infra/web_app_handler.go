package infra

import (
	"errors"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// WebAppHandlerProps are the properties of WebAppHandler. Command or GoPackage is
// required.
type WebAppHandlerProps struct {
	// Command starts the app, in the language of sh and with the app's directory
	// as the working directory, such as
	// "python -m gunicorn --bind 0.0.0.0:$PORT app:app" or "node server.js". The
	// app has to listen on PORT, in the foreground. Programs of its packages are
	// in PATH.
	//
	// A name of a file, such as "run.sh" or "./server", is an executable script or
	// program for Linux of the directory.
	//
	// Default: the program of GoPackage
	Command string

	// GoPackage is the Go main package of a server, by its import path or its
	// directory ("."), which the go command compiles in the app's directory as
	// GoHandler does. The server listens on PORT. The other files of the directory
	// are part of the code, without the sources.
	//
	// Default: none; Command starts the app
	GoPackage string

	// Runtime is what the app runs on: a version of Python, Node.js, Java, .NET or
	// Ruby, or an OS-only runtime for a compiled program.
	//
	// Default: awslambda.Runtime_PYTHON_3_13() if the directory has a
	// requirements.txt or a pyproject.toml, awslambda.Runtime_NODEJS_24_X() if it
	// has a package.json, or awslambda.Runtime_PROVIDED_AL2023() for a GoPackage
	Runtime awslambda.Runtime

	// Port is the port that the app listens on, and the environment variables
	// PORT and AWS_LWA_PORT; 1024 to 65535.
	//
	// Default: 8080
	Port *float64

	// ReadinessCheckPath is the path that responds with a status below 500 once
	// the app is ready.
	//
	// Default: "/"
	ReadinessCheckPath string

	// AsyncInit lets the app take longer than the 10 seconds that Lambda has for
	// initialization. The first request waits for the rest.
	//
	// Default: false
	AsyncInit bool

	// AdapterLayer is the layer with the adapter. Lambda runs it with the layer's
	// /opt/bootstrap and /opt/extensions/lambda-adapter.
	//
	// Default: AWS's public layer for the function's region and architecture
	AdapterLayer awslambda.ILayerVersion

	// Exclude are patterns of files that aren't part of the code, below the
	// directory. A pattern that begins with "!" includes what those before it and
	// the default exclude, a file that only looks like a secret, or a program for
	// another CPU.
	//
	// Default: what is no part of an app, such as .git, .env, .npmrc, .aws, .venv,
	// __pycache__, node_modules and cdk.out, private keys, backups of editors, and
	// what links find outside of the directory
	Exclude []string
}

// WebAppHandler returns a Handler for the web app in a directory: any program that
// listens on a port, such as Flask, FastAPI, Datasette, Express, Spring or a server in
// Rust or Go. AWS's Lambda Web Adapter, which is in a layer, sends it the requests, and
// streams its responses.
//
// The code is the directory, made when a stack that uses it is synthesized, without
// Docker. It has the dependencies of Python and Node.js: those of requirements.txt, or
// of pyproject.toml and uv.lock, by uv, which pip installs if it isn't in PATH; or those
// of package.json and package-lock.json, by npm, or node_modules as they are if there is
// no package-lock.json. What other languages need is in the directory, such as a jar.
// Packages are installed as wheels for the function's architecture and Runtime,
// whatever this machine is, and without the install scripts of npm's. They are kept in
// the user's cache directory, below cloudfurl/dependencies. The same sources and pinned
// dependencies give the same bytes on every machine.
//
// The viewer's Authorization header reaches the app as Authorization. A stack in
// China needs Env.Region, since the layer has other accounts there.
//
// The context keys "cloudfurl:python", such as 3.13, and "cloudfurl:goos" and
// "cloudfurl:goarch" install the packages for that Python and machine instead, to
// run the app in the local edge. Such an assembly can't be deployed.
func WebAppHandler(dir string, props ...*WebAppHandlerProps) Handler {
	return webAppHandler{dir, onlyProps("WebAppHandler", dir, props)}
}

type webAppHandler struct {
	dir   string
	props WebAppHandlerProps
}

// app returns the code of the app, or why it can't be made.
func (h webAppHandler) app(machine code.Machine) (*code.App, error) {
	if h.props.GoPackage != "" {
		return code.NewGoApp(h.dir, h.props.GoPackage, h.props.Command, runtimeName(h.props.Runtime), machine)
	}
	return code.NewWebApp(h.dir, h.props.Command, runtimeName(h.props.Runtime), machine)
}

// Bind returns the configuration of a function that runs the adapter and the app.
func (h webAppHandler) Bind(scope constructs.Construct, architecture awslambda.Architecture) *HandlerConfig {
	construct.Check(scope, nil, code.CheckDirectory("WebAppHandler", h.dir))
	app, err := h.app(machineOf(scope, architecture))
	adapter, settings := newAdapter(h.props.Port, h.props.ReadinessCheckPath, h.props.AsyncInit)
	construct.Check(scope, nil, errors.Join(err, settings))
	if app.Runtime.StartsScripts() {
		adapter.Wrapper = code.AdapterWrapper
	}
	layer := h.props.AdapterLayer
	if layer == nil {
		layer = newAdapterLayer(scope, architecture)
	}
	app.Exclude = h.props.Exclude
	config := newCodeConfig(scope, app, runtimeOf(h.props.Runtime, app.Runtime), app.Files[0])
	config.Warnings = app.Warnings
	config.Environment = pointers(adapter.Variables())
	config.Layers = []awslambda.ILayerVersion{layer}
	config.Check = func(options *awslambda.FunctionOptions) error {
		if options.AdotInstrumentation != nil {
			return errors.New("got AdotInstrumentation: its AWS_LAMBDA_EXEC_WRAPPER would replace " + code.AdapterWrapper + ", which starts the app, instrument the app in Command")
		}
		return adapter.CheckVariables(concrete(options.Environment))
	}
	return config
}

package infra

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// PythonHandlerProps are the optional properties of PythonHandler.
type PythonHandlerProps struct {
	// Handler is the function that handles events: the path of its module in the
	// directory, a dot, and its name.
	//
	// Default: "lambda_function.lambda_handler"
	Handler string

	// Runtime is the version of Python.
	//
	// Default: awslambda.Runtime_PYTHON_3_13()
	Runtime awslambda.Runtime

	// Exclude are patterns of files that aren't part of the code, as in
	// WebAppHandlerProps.
	//
	// Default: as in WebAppHandlerProps
	Exclude []string
}

// PythonHandler returns a Handler for the Python function in a directory, which
// gets an event and returns a response, such as one that Mangum makes from an ASGI
// app.
//
// Its responses are buffered: Lambda's Python runtime doesn't stream. Viewers get
// a response when it is complete, within the ReadTimeout and of up to 6 MB. The
// function URL has InvokeMode BUFFERED. To stream, use WebAppHandler.
//
// The code is the directory with the packages of its requirements.txt, or of its
// pyproject.toml and uv.lock, as WebAppHandler installs them.
func PythonHandler(dir string, props ...*PythonHandlerProps) Handler {
	return pythonHandler{dir, onlyProps("PythonHandler", dir, props)}
}

type pythonHandler struct {
	dir   string
	props PythonHandlerProps
}

// Bind returns the configuration of a function that runs the Python function.
func (h pythonHandler) Bind(scope constructs.Construct, architecture awslambda.Architecture) *HandlerConfig {
	construct.Check(scope, nil, code.CheckDirectory("PythonHandler", h.dir))
	handler := cmp.Or(h.props.Handler, "lambda_function.lambda_handler")
	files, err := code.PythonFiles(h.dir, handler)
	construct.Check(scope, nil, err)
	runtime, err := code.PythonRuntime("PythonHandler", runtimeName(h.props.Runtime))
	construct.Check(scope, nil, err)
	app := &code.App{
		Dir:     h.dir,
		Runtime: runtime,
		Machine: machineOf(scope, architecture),
		Files:   files,
		Exclude: h.props.Exclude,
	}
	config := newCodeConfig(scope, app, runtimeOf(h.props.Runtime, runtime), handler)
	config.Warnings = app.Warnings
	config.InvokeMode = awslambda.InvokeMode_BUFFERED
	return config
}

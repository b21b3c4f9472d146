package infra

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

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

	// IgnoreMode is the syntax of Exclude.
	//
	// Default: awscdk.IgnoreMode_GIT, that of .gitignore
	IgnoreMode awscdk.IgnoreMode
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
	checkAppDirectory(scope, "PythonHandler", h.dir)
	handler := h.props.Handler
	if handler == "" {
		handler = "lambda_function.lambda_handler"
	}
	files := pythonFiles(scope, h.dir, handler)
	runtime := pythonRuntime(scope, "PythonHandler", h.props.Runtime)
	code := newAppCode(scope, architecture, &appCodeProps{
		dir:        h.dir,
		runtime:    runtime,
		files:      files,
		exclude:    h.props.Exclude,
		ignoreMode: h.props.IgnoreMode,
	})
	return &HandlerConfig{
		Code:       code.asset(),
		Runtime:    runtime.runtime,
		Handler:    jsii.String(handler),
		InvokeMode: awslambda.InvokeMode_BUFFERED,
		Failure:    code.failure,
		warnings:   code.app.Warnings,
	}
}

// pythonFiles returns the files that may have the module of a handler. It panics
// with an *Error unless a directory has one of them.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html#python-handler-naming
func pythonFiles(scope constructs.Construct, dir, handler string) []string {
	i := strings.LastIndex(handler, ".")
	if i <= 0 || i == len(handler)-1 || strings.ContainsAny(handler, " \t\n") {
		construct.Fail(scope, nil, `PythonHandler got Handler %q: give the module and the function, such as "lambda_function.lambda_handler"`, handler)
	}
	module := strings.ReplaceAll(handler[:i], ".", "/")
	files := []string{module + ".py", module + "/__init__.py"}
	if !hasFile(dir, files...) {
		construct.Fail(scope, nil, "PythonHandler got Handler %q, and %s has no %s: write it, or give the Handler that it has", handler, dir, files[0])
	}
	checkFunction(scope, dir, handler, files)
	return files
}

// checkFunction panics with an *Error if the module of a handler can't have its
// function.
func checkFunction(scope constructs.Construct, dir, handler string, files []string) {
	name := handler[strings.LastIndex(handler, ".")+1:]
	// Python prefers a package to a module.
	for _, file := range slices.Backward(files) {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil {
			continue
		}
		if !mayDefine(text, name) {
			construct.Fail(scope, nil, "PythonHandler got Handler %q, and %s of %s has no %s: define it, or give the Handler that it has", handler, file, dir, name)
		}
		return
	}
}

// dynamicNames matches what can define a name of a Python module without
// spelling it.
var dynamicNames = regexp.MustCompile(`import\s*\(?\s*\*|\b(?:globals|setattr|exec|vars|__dict__|__getattr__)\b`)

// mayDefine reports whether a Python module with a text may have a name.
func mayDefine(text []byte, name string) bool {
	word := regexp.MustCompile(`(?:^|\W)` + regexp.QuoteMeta(name) + `(?:\W|$)`)
	return word.Match(text) || dynamicNames.Match(text)
}

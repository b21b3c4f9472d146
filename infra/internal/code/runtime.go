package code

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// The runtimes of apps that choose none.
const (
	DefaultPython = "python3.13"
	DefaultNode   = "nodejs24.x"
	DefaultOSOnly = "provided.al2023"
)

// A Runtime is a runtime that can run a program for an app.
type Runtime struct {
	// Name is Lambda's, such as python3.13.
	Name string

	// family is the name without the version, and version the rest.
	family, version string
}

// Families whose apps are made in a way of their own.
const (
	python = "python"
	nodejs = "nodejs"
	osOnly = "provided"
)

// runtimeName matches the runtimes on which programs of an app can run.
var runtimeName = regexp.MustCompile(`^(python|nodejs|java|dotnet|ruby|provided)([\d.].*)$`)

// AppRuntime returns the runtime that is given by name, or else the one for an app's
// files.
func AppRuntime(handler, dir, given string) (Runtime, error) {
	if given == "" {
		switch {
		case hasFile(dir, "requirements.txt", "pyproject.toml"):
			given = DefaultPython
		case hasFile(dir, "package.json"):
			given = DefaultNode
		default:
			return Runtime{}, fmt.Errorf("%s got no Runtime, and %s has none of requirements.txt, pyproject.toml and package.json: "+
				"set one, such as awslambda.Runtime_PYTHON_3_13(), or awslambda.Runtime_PROVIDED_AL2023() for a compiled program", handler, dir)
		}
	}
	found := runtimeName.FindStringSubmatch(given)
	if found == nil {
		return Runtime{}, fmt.Errorf("%s got Runtime %s, which can't start a program of the app: use awslambda.Runtime_PROVIDED_AL2023() for a compiled one, or use ImageHandler", handler, given)
	}
	return Runtime{given, found[1], found[2]}, nil
}

// StartsScripts reports whether the runtime starts a script in place of its own program,
// by a wrapper. An OS-only one starts the program that the code has.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
func (r Runtime) StartsScripts() bool { return r.family != osOnly }

// PythonRuntime returns the runtime that is given by name if it is one of Python, or
// the default.
func PythonRuntime(handler, given string) (Runtime, error) {
	given = cmp.Or(given, DefaultPython)
	version, ok := strings.CutPrefix(given, python)
	if !ok {
		return Runtime{}, fmt.Errorf("%s got Runtime %s: use one of Python, such as awslambda.Runtime_PYTHON_3_13()", handler, given)
	}
	return Runtime{given, python, version}, nil
}

// example returns a Command for the runtime, in quotes.
func (r Runtime) example() string {
	switch r.family {
	case nodejs:
		return `"node server.js"`
	case osOnly:
		return `"./server"`
	}
	return `"python -m gunicorn --bind 0.0.0.0:$PORT app:app"`
}

// PythonFiles returns the files that may have the module of a handler, or an error
// unless a directory has one of them. Lambda says if it lacks the function.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html#python-handler-naming
func PythonFiles(dir, handler string) ([]string, error) {
	i := strings.LastIndex(handler, ".")
	if i <= 0 || i == len(handler)-1 || strings.ContainsAny(handler, " \t\n") {
		return nil, fmt.Errorf(`PythonHandler got Handler %q: use the module and the function, such as "lambda_function.lambda_handler"`, handler)
	}
	module := strings.ReplaceAll(handler[:i], ".", "/")
	files := []string{module + ".py", module + "/__init__.py"}
	if !hasFile(dir, files...) {
		return nil, fmt.Errorf("PythonHandler got Handler %q, and %s has no %s: write it, or set the Handler that it has", handler, dir, files[0])
	}
	return files, nil
}

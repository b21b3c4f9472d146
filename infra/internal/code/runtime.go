package code

import (
	"fmt"
	"slices"
	"strings"
)

// The runtimes of apps that choose none.
const (
	DefaultPython = "python3.13"
	DefaultNode   = "nodejs24.x"
)

// A Runtime is a runtime of Python or Node.js.
type Runtime struct {
	// Name is Lambda's, such as python3.13.
	Name string

	// python is the version of Python, such as "3.13", or "" for Node.js.
	python string
}

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
				"give one, such as awslambda.Runtime_PYTHON_3_13() or awslambda.Runtime_NODEJS_24_X()", handler, dir)
		}
	}
	if version, ok := strings.CutPrefix(given, "python"); ok {
		return Runtime{given, version}, nil
	}
	if !strings.HasPrefix(given, "nodejs") {
		return Runtime{}, fmt.Errorf("%s got Runtime %s: give one of Python or Node.js, or use ImageHandler for other languages", handler, given)
	}
	return Runtime{given, ""}, nil
}

// PythonRuntime returns the runtime that is given by name if it is one of Python, or
// the default.
func PythonRuntime(handler, given string) (Runtime, error) {
	if given == "" {
		given = DefaultPython
	}
	version, ok := strings.CutPrefix(given, "python")
	if !ok {
		return Runtime{}, fmt.Errorf("%s got Runtime %s: give one of Python, such as awslambda.Runtime_PYTHON_3_13()", handler, given)
	}
	return Runtime{given, version}, nil
}

// Programs that only the runtimes of one language have.
//
// Inferred: AWS documents what each runtime has, and none has the other language.
var (
	pythonPrograms = []string{"python", "python3", "pip"}
	nodePrograms   = []string{"node", "npm", "npx"}
)

// CheckProgram returns an error if a command starts a program of the other language
// than the runtime, which the files of dir suggest.
func (r Runtime) CheckProgram(dir, command string) error {
	missing, other := pythonPrograms, "awslambda.Runtime_PYTHON_3_13()"
	if r.python != "" {
		missing, other = nodePrograms, "awslambda.Runtime_NODEJS_24_X()"
	}
	if words := strings.Fields(command); len(words) > 0 && slices.Contains(missing, words[0]) {
		return fmt.Errorf("got Command %q and no Runtime, which is %s by the files of %s and has no %s: give one, such as %s",
			command, r.Name, dir, words[0], other)
	}
	return nil
}

// example returns a Command for the runtime's language, in quotes.
func (r Runtime) example() string {
	if r.python != "" {
		return fmt.Sprintf("%q", "python -m gunicorn --bind 0.0.0.0:$PORT app:app")
	}
	return fmt.Sprintf("%q", "node server.js")
}

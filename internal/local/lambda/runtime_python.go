package lambda

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed runtime/python
var pythonClient embed.FS

// newPythonRuntime runs the handler in Python under the embedded client.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
func newPythonRuntime(c Config) (*languageRuntime, error) {
	last := strings.LastIndex(c.Handler, ".")
	if last < 1 || last == len(c.Handler)-1 {
		return nil, fmt.Errorf("lambda: function %s: %q is no handler; write file.function, as in index.handler", c.Name, c.Handler)
	}
	module := strings.ReplaceAll(c.Handler[:last], ".", "/")
	if err := checkHandler(c, module, ".py", "/__init__.py", ".so", ".pyc"); err != nil {
		return nil, err
	}
	python, err := interpreter{
		language: "Python", field: "PythonPath", names: []string{c.Runtime, "python3"},
		self: []string{"-c", "import sys; print(sys.executable)"},
	}.find(c, c.PythonPath)
	if err != nil {
		return nil, err
	}
	// -P keeps the client's own directory off the module search path; -u makes
	// every line of the log leave at once.
	return newEmbeddedRuntime(c, python, pythonClient, "runtime/python", "main.py", "-P", "-u")
}

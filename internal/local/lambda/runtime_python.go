package lambda

import (
	"embed"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

//go:embed runtime/python
var pythonClient embed.FS

// newPythonRuntime runs the handler in Python under the embedded client.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
func newPythonRuntime(c Config) (*languageRuntime, error) {
	last := strings.LastIndex(c.Handler, ".")
	if last < 1 || last == len(c.Handler)-1 {
		return nil, fault.In("Handler", fault.New("write file.function, as in index.handler", "invalid handler %q", c.Handler))
	}
	module := strings.ReplaceAll(c.Handler[:last], ".", "/")
	if err := checkHandler(c, module, ".py", "/__init__.py", ".so", ".pyc"); err != nil {
		return nil, err
	}
	python, err := interpreter{
		language: "Python", names: []string{c.Runtime, "python3"},
		self: []string{"-c", "import sys; print(sys.executable)"},
	}.find(c)
	if err != nil {
		return nil, err
	}
	// -P keeps the client's directory off the module search path; -u writes the
	// log unbuffered.
	return newEmbeddedRuntime(python, pythonClient, "runtime/python", "main.py", "-P", "-u")
}

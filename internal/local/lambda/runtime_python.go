package lambda

import (
	"embed"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

//go:embed runtime/python
var pythonClient embed.FS

// pythonRuntime returns how a Python runtime runs handlers under the embedded
// client.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
func pythonRuntime(name string) *managedRuntime {
	return &managedRuntime{
		interpreter: interpreter{
			language: "Python", names: []string{name, "python3"},
			self:     []string{"-c", `import sys; print(sys.executable, ".".join(map(str, sys.version_info[:3])), sep="\n")`},
			commands: []string{"python", "python3", name},
		},
		client: pythonClient, folder: "runtime/python", main: "bootstrap.py",
		// -P keeps the directory of a script off the module search path; -u writes
		// the log unbuffered.
		args:         []string{"-P", "-u"},
		layers:       func(o opt) []string { return pythonLayers(name, o) },
		checkHandler: checkPythonHandler,
		variables: func(_ Config, dir string, o opt) map[string]string {
			// The client adds the layers; a script doesn't get further than to
			// the directories that it names, unless these aren't where it looks.
			path := dir
			if !o.mounted && o.dir != "" {
				path = strings.Join(append(pythonLayers(name, o), dir), ":")
			}
			// Lambda's task root is read-only, so Python leaves no bytecode there.
			// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
			return map[string]string{"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
		},
	}
}

// pythonLayers are the directories of layers that Python finds modules in.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
func pythonLayers(name string, o opt) []string {
	return []string{o.seen(optDir + "/python/lib/" + name + "/site-packages"), o.seen(optDir + "/python")}
}

func checkPythonHandler(c Config) error {
	last := strings.LastIndex(c.Handler, ".")
	if last < 1 || last == len(c.Handler)-1 {
		return fault.In("Handler", fault.New("write file.function, as in index.handler", "invalid handler %q", c.Handler))
	}
	module := strings.ReplaceAll(c.Handler[:last], ".", "/")
	return checkHandler(c, module, ".py", "/__init__.py", ".so", ".pyc")
}

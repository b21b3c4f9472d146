package lambda

import (
	"embed"
	"fmt"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

//go:embed runtime/python
var pythonClient embed.FS

// pythonRuntime returns how the runtime of Python 3 with a minor version runs handlers
// under the embedded client.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
func pythonRuntime(minor int) *managedRuntime {
	name := pythonName(minor)
	return &managedRuntime{
		interpreter: interpreter{
			language: "Python", names: nearestPythons(minor),
			self:     []string{"-c", `import sys; print(sys.executable, ".".join(map(str, sys.version_info[:3])), sep="\n")`},
			commands: []string{"python", "python3", name},
		},
		client: pythonClient, folder: "runtime/python", main: "bootstrap.py",
		args:   []string{"-u"}, // writes the log unbuffered
		layers: func(o opt) []string { return pythonLayers(name, o) },
		variables: func(_ Config, dir string, o opt) map[string]string {
			path := dir
			if o.dir != "" {
				path = strings.Join(append(pythonLayers(name, o), dir), listSeparator)
			}
			// Lambda's task root is read-only, so Python leaves no bytecode there.
			// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
			return map[string]string{"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
		},
	}
}

func pythonName(minor int) string { return fmt.Sprintf("python3.%d", minor) }

// nearestPythons returns the names of interpreters, the nearest version first and of two
// the newer one. The embedded client needs Python 3.8.
func nearestPythons(minor int) []string {
	names := []string{pythonName(minor)}
	for distance := 1; distance < 10; distance++ {
		names = append(names, pythonName(minor+distance))
		if minor-distance >= 8 {
			names = append(names, pythonName(minor-distance))
		}
	}
	return append(names, bundle.PythonProgram)
}

// pythonLayers are the directories of layers that Python finds modules in.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
func pythonLayers(name string, o opt) []string {
	return []string{o.at(optDir + "/python/lib/" + name + "/site-packages"), o.at(optDir + "/python")}
}

package lambda

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

// A managedRuntime runs handlers under a client that is embedded here.
type managedRuntime struct {
	interpreter interpreter

	// client holds the client in a folder, where main starts it. args are the
	// interpreter's arguments before that file.
	client       embed.FS
	folder, main string
	args         []string

	// layers returns the client's arguments: where layers may have modules. It may
	// be nil.
	layers func(o opt) []string

	// variables returns what the runtime sets besides the common ones, unless the
	// function does. Its files are in dir.
	variables func(c Config, dir string, o opt) map[string]string
}

// new writes the client where the interpreter can read it, and the names by which
// scripts find the interpreter.
func (m *managedRuntime) new(c Config, found foundInterpreter, o opt) (*languageRuntime, error) {
	dir, err := os.MkdirTemp("", "cloudfurl-runtime-")
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(m.client, m.folder)
	if err == nil {
		err = os.CopyFS(dir, files)
	}
	var bin string
	if err == nil {
		bin, err = m.interpreter.install(found, dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("can't unpack the runtime's client: %w", err), os.RemoveAll(dir))
	}
	args := append(slices.Clone(m.args), filepath.Join(dir, m.main))
	if m.layers != nil && o.dir != "" {
		args = append(args, m.layers(o)...)
	}
	return &languageRuntime{
		program:   found.program,
		args:      args,
		dir:       dir,
		files:     dir,
		bin:       bin,
		variables: m.variables(c, dir, o),
	}, nil
}

//go:embed runtime/node
var nodeClient embed.FS

// nodeRuntime runs handlers in Node.js under the embedded client.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
var nodeRuntime = &managedRuntime{
	interpreter: interpreter{
		language: "Node.js", names: []string{"node"},
		self:     []string{"-p", `process.execPath + "\n" + process.versions.node`},
		commands: []string{"node"},
	},
	client: nodeClient, folder: "runtime/node", main: "main.mjs",
	variables: func(c Config, dir string, o opt) map[string]string {
		major := strings.TrimSuffix(strings.TrimPrefix(c.Runtime, "nodejs"), ".x")
		return map[string]string{
			"NODE_PATH": strings.Join([]string{o.at("/opt/nodejs/node" + major + "/node_modules"), o.at("/opt/nodejs/node_modules"), dir + "/node_modules"}, listSeparator),
		}
	},
}

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

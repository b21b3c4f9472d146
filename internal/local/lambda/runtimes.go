package lambda

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A languageRuntime is how the processes of a function are started.
type languageRuntime struct {
	// custom is set for the provided runtimes, whose program is the function's own.
	custom bool

	// program and args are what is executed in the task root.
	program string
	args    []string

	// dir is LAMBDA_RUNTIME_DIR; remove deletes it when it is ours.
	dir    string
	remove func()

	// variables are those that this runtime adds to every environment.
	variables map[string]string
}

// customRuntimeDir is LAMBDA_RUNTIME_DIR where the runtime is the function's own.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const customRuntimeDir = "/var/runtime"

// newRuntime finds out how to run c's code and checks that this machine can.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
func newRuntime(c Config) (*languageRuntime, error) {
	switch c.Runtime {
	case "provided.al2023", "provided.al2":
		return newCustomRuntime(c)
	case "nodejs20.x", "nodejs22.x", "nodejs24.x":
		return newNodeRuntime(c)
	case "python3.11", "python3.12", "python3.13", "python3.14":
		return newPythonRuntime(c)
	case "":
		return nil, fmt.Errorf("lambda: function %s has no Runtime; container images are not played here", c.Name)
	}
	return nil, fmt.Errorf("lambda: function %s: runtime %q is not played here; use provided.al2023, provided.al2, nodejs20.x, 22.x, 24.x or python3.11 to 3.14", c.Name, c.Runtime)
}

// newEmbeddedRuntime writes a runtime client where an interpreter can read it.
func newEmbeddedRuntime(c Config, interpreter string, client embed.FS, folder, main string, args ...string) (*languageRuntime, error) {
	files, err := fs.Sub(client, folder)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "cloudfurl-runtime-")
	if err == nil {
		err = os.CopyFS(dir, files)
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("lambda: function %s: no room for the runtime's client: %w", c.Name, err)
	}
	return &languageRuntime{
		program: interpreter,
		args:    append(args, filepath.Join(dir, main)),
		dir:     dir,
		remove:  func() { os.RemoveAll(dir) },
	}, nil
}

// checkHandler checks that one of the files that could hold the handler exists.
func checkHandler(c Config, module string, extensions ...string) error {
	base := filepath.Join(c.CodeDir, filepath.FromSlash(module))
	for _, extension := range extensions {
		if info, err := os.Stat(base + extension); err == nil && !info.IsDir() {
			return nil
		}
	}
	return fmt.Errorf("lambda: function %s: handler %q: no file %s with one of %s; check Handler, or synthesize again",
		c.Name, c.Handler, base, strings.Join(extensions, " "))
}

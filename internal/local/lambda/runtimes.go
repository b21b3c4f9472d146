package lambda

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A languageRuntime starts the processes of a function.
type languageRuntime struct {
	// custom is set for the provided runtimes, whose program belongs to the function.
	custom bool

	// program and args are what is executed in the task root.
	program string
	args    []string

	// dir is LAMBDA_RUNTIME_DIR; remove deletes it if this package made it.
	dir    string
	remove func()
}

// customRuntimeDir is LAMBDA_RUNTIME_DIR of the provided runtimes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const customRuntimeDir = "/var/runtime"

// newRuntime returns how to run c's code, and checks that this machine can.
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
		return nil, fault.In("Runtime", fault.New("give the function a runtime", "a function without a runtime isn't supported locally"))
	}
	return nil, fault.In("Runtime", fault.New("use provided.al2023, provided.al2, nodejs20.x, nodejs22.x, nodejs24.x, or python3.11 to python3.14",
		"runtime %q isn't supported locally", c.Runtime))
}

// newEmbeddedRuntime writes a runtime client where an interpreter can read it.
func newEmbeddedRuntime(interpreter string, client embed.FS, folder, main string, args ...string) (*languageRuntime, error) {
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
		return nil, fmt.Errorf("can't unpack the runtime's client: %w", err)
	}
	return &languageRuntime{
		program: interpreter,
		args:    append(args, filepath.Join(dir, main)),
		dir:     dir,
		remove:  func() { os.RemoveAll(dir) },
	}, nil
}

// checkHandler checks that one of the files that may contain the handler exists.
func checkHandler(c Config, module string, extensions ...string) error {
	base := filepath.Join(c.CodeDir, filepath.FromSlash(module))
	for _, extension := range extensions {
		if info, err := os.Stat(base + extension); err == nil && !info.IsDir() {
			return nil
		}
	}
	return fault.In("Handler", fault.New("correct the handler, or synthesize again",
		"handler %q: there is no file %s with one of %s", c.Handler, base, strings.TrimSpace(strings.Join(extensions, " "))))
}

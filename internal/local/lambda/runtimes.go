package lambda

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
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

// supportedRuntimes holds the supported runtimes, and what starts them. The
// functions return how to run c's code, and check that this machine can.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
var supportedRuntimes = map[string]func(c Config) (*languageRuntime, error){
	"provided.al2": newCustomRuntime, "provided.al2023": newCustomRuntime,
	"nodejs20.x": newNodeRuntime, "nodejs22.x": newNodeRuntime, "nodejs24.x": newNodeRuntime,
	"python3.11": newPythonRuntime, "python3.12": newPythonRuntime, "python3.13": newPythonRuntime, "python3.14": newPythonRuntime,
}

// CheckRuntime returns an error, with the property, if a runtime isn't supported.
func CheckRuntime(name string) error {
	if _, ok := supportedRuntimes[name]; ok {
		return nil
	}
	return fault.In("Runtime", fault.New("use one of "+strings.Join(slices.Sorted(maps.Keys(supportedRuntimes)), ", "),
		"%q isn't supported locally", name))
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
	var names []string
	for _, extension := range extensions {
		if extension != "" {
			names = append(names, module+extension)
		}
	}
	return fault.In("Handler", fault.New("correct the handler, or synthesize again",
		"%q isn't in the code, which has none of %s", c.Handler, strings.Join(names, ", ")))
}

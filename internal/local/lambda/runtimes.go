package lambda

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/adapter"
)

// A languageRuntime starts the processes of a function.
type languageRuntime struct {
	// custom is set for the provided runtimes and images, whose program belongs to
	// the function.
	custom bool

	// program and args are what is executed in the task root.
	program string
	args    []string

	// dir is LAMBDA_RUNTIME_DIR; remove deletes it if this package made it.
	dir    string
	remove func()

	// bin is a directory with the commands of the interpreter, or empty.
	bin string

	// variables are further ones that the runtime sets, unless the function does.
	variables map[string]string
}

// customRuntimeDir is LAMBDA_RUNTIME_DIR of the provided runtimes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const customRuntimeDir = "/var/runtime"

// supportedRuntimes holds the supported runtimes, and what runs them: nil for those
// that run a program of the function.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
// Seen: nodejs26.x and python3.15 among the runtimes of aws-cdk-lib 2.277.0.
var supportedRuntimes = map[string]*managedRuntime{
	"provided.al2": nil, "provided.al2023": nil,
	"nodejs20.x": nodeRuntime, "nodejs22.x": nodeRuntime, "nodejs24.x": nodeRuntime, "nodejs26.x": nodeRuntime,
	"python3.11": pythonRuntime("python3.11"), "python3.12": pythonRuntime("python3.12"),
	"python3.13": pythonRuntime("python3.13"), "python3.14": pythonRuntime("python3.14"), "python3.15": pythonRuntime("python3.15"),
}

// CheckRuntime returns an error, with the property, if a runtime isn't supported.
func CheckRuntime(name string) error {
	if _, ok := supportedRuntimes[name]; ok {
		return nil
	}
	return fault.In("Runtime", fault.New("use one of "+strings.Join(slices.Sorted(maps.Keys(supportedRuntimes)), ", "),
		"%q isn't supported locally", name))
}

// prepare makes ready what a function's processes need: its layers, and what
// starts its code. It checks that this machine can run that.
func (f *Function) prepare() (err error) {
	c := f.config
	if len(c.Command) == 0 && c.Container == nil {
		if err := CheckRuntime(c.Runtime); err != nil {
			return err
		}
	}
	managed := supportedRuntimes[c.Runtime]
	var found foundInterpreter
	if managed != nil {
		if found, err = managed.interpreter.find(c); err != nil {
			return err
		}
	}
	if f.opt, err = newOpt(c, found.program, f.log); err != nil {
		return err
	}
	switch {
	case c.Container != nil:
		f.runtime = newContainerRuntime(c)
	case len(c.Command) > 0:
		f.runtime, err = newImageRuntime(c)
	case managed != nil:
		f.runtime, err = managed.new(c, found, f.opt)
	default:
		f.runtime, err = newCustomRuntime(c, f.opt)
	}
	if err != nil {
		f.opt.remove()
		return err
	}
	if err = f.wrap(); err != nil {
		f.releaseFiles()
		return err
	}
	f.adviseVersion(found)
	if c.Adapter {
		adapter.Warn(c.Environment, f.log)
	}
	f.extensions = f.opt.extensions()
	return nil
}

// releaseFiles removes what prepare made.
func (f *Function) releaseFiles() {
	f.runtime.remove()
	f.opt.remove()
}

// adviseVersion logs if the interpreter's version isn't the runtime's.
func (f *Function) adviseVersion(found foundInterpreter) {
	want := strings.TrimSuffix(f.config.Runtime, ".x")
	language := strings.TrimRight(want, ".0123456789")
	if have := language + found.version; found.version != "" && !strings.HasPrefix(have+".", want+".") {
		f.log.Info(fmt.Sprintf("runs on %s locally and on %s on AWS", have, f.config.Runtime))
	}
}

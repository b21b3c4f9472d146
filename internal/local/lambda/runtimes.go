package lambda

import (
	"fmt"
	"os"
	"path/filepath"
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

	// dir is LAMBDA_RUNTIME_DIR, and files the same if this package made it.
	dir, files string

	// bin is a directory with the commands of the interpreter, or empty.
	bin string

	// variables are further ones that the runtime sets, unless the function does.
	variables map[string]string
}

// newCommandRuntime runs the command of an image or a person.
func newCommandRuntime(program string, args []string) *languageRuntime {
	return &languageRuntime{custom: true, program: program, args: args, dir: customRuntimeDir}
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
var supportedRuntimes = func() map[string]*managedRuntime {
	supported := map[string]*managedRuntime{"provided.al2": nil, "provided.al2023": nil}
	for major := 14; major <= 26; major += 2 {
		supported[fmt.Sprintf("nodejs%d.x", major)] = nodeRuntime
	}
	for minor := 7; minor <= 15; minor++ {
		supported[fmt.Sprintf("python3.%d", minor)] = pythonRuntime(minor)
	}
	return supported
}()

// CheckRuntime returns an error, with the property, if a runtime isn't supported.
func CheckRuntime(name string) *fault.Error {
	if _, ok := supportedRuntimes[name]; ok {
		return nil
	}
	return &fault.Error{Property: "Runtime", Problem: fmt.Sprintf("%q isn't supported locally", name),
		Hint: "use a nodejs, python or provided runtime, or set a command that runs the code with --run"}
}

// deprecated holds the runtimes that AWS has deprecated, with the day from which it
// takes no new function with them. It takes no updates a month later.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated
// Seen: that table in cfn-lint 1.58.0, of October 2026. AWS has moved days before.
var deprecated = map[string]string{
	"nodejs14.x": "2024-01-09", "nodejs16.x": "2027-02-01", "nodejs18.x": "2027-02-01", "nodejs20.x": "2027-02-01",
	"python3.7": "2024-01-09", "python3.8": "2027-02-01", "python3.9": "2027-02-01", "python3.10": "2027-02-01",
	"provided.al2": "2027-02-01",
}

// LastDay returns the day from which AWS takes no new function with a runtime that it
// has deprecated, or "".
func LastDay(runtime string) string { return deprecated[runtime] }

// prepare makes ready what a function's processes need: its layers, and what
// starts its code. It checks that this machine can run that.
func (f *Function) prepare() (err error) {
	c := f.config
	if len(c.Command) == 0 {
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
	if f.opt, err = newOpt(c); err != nil {
		return err
	}
	switch {
	case len(c.Command) > 0:
		f.runtime = newCommandRuntime(findProgram(c.Command, c.SearchPath))
	case managed != nil:
		f.runtime, err = managed.new(c, found, f.opt)
	default:
		f.runtime, err = newCustomRuntime(c, f.opt)
	}
	if err == nil {
		err = f.wrap()
	}
	if err != nil {
		f.releaseFiles()
		return err
	}
	f.adviseVersion(found)
	if c.Adapter {
		adapter.Warn(c.Environment, f.log)
	}
	f.findExtensions()
	return nil
}

// releaseFiles removes what prepare made.
func (f *Function) releaseFiles() {
	if f.runtime != nil {
		os.RemoveAll(f.runtime.files)
	}
	os.RemoveAll(f.opt.merged)
}

// adviseVersion logs if the interpreter's version isn't the runtime's.
func (f *Function) adviseVersion(found foundInterpreter) {
	want := strings.TrimSuffix(f.config.Runtime, ".x")
	language := strings.TrimRight(want, ".0123456789")
	if have := language + found.version; found.version != "" && !strings.HasPrefix(have+".", want+".") {
		f.log.Info(fmt.Sprintf("runs on %s locally and on %s on AWS", have, f.config.Runtime))
	}
}

// newCustomRuntime runs the bootstrap in the task root, or else that of a layer.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
func newCustomRuntime(c Config, o opt) (*languageRuntime, error) {
	r := newCommandRuntime(filepath.Join(c.CodeDir, bootstrapName), nil)
	if isFile(r.program + ".exe") {
		r.program += ".exe" // made for Windows
	}
	if !isFile(r.program) && c.Adapter {
		return r, nil // the bootstrap of AWS's adapter layer
	}
	if fromLayer := o.at(optDir + "/" + bootstrapName); !isFile(r.program) && isFile(fromLayer) {
		r.program = fromLayer
	}
	if !isFile(r.program) {
		return nil, fault.In("Code", fault.New("build the handler to a file of that name, which provided runtimes execute", "there is no file %s", r.program))
	}
	return r, fault.In("Code", checkExecutable(r.program))
}

// bootstrapName is what provided runtimes execute.
const bootstrapName = "bootstrap"

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

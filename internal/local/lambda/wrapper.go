package lambda

import (
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// wrapperVariable names a script that starts a managed runtime: it gets the
// runtime's command as its arguments.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
const wrapperVariable = "AWS_LAMBDA_EXEC_WRAPPER"

// taskRoot is where functions find their code on Lambda.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const taskRoot = "/var/task"

// wrap makes the wrapper script start the runtime, if there is one. Provided
// runtimes do nothing with it, and the stand-in for AWS's adapter replaces it.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
func (f *Function) wrap() error {
	c, r := f.config, f.runtime
	wrapper := c.Environment[wrapperVariable]
	switch {
	case c.Adapter && len(c.Command) == 0:
		return f.startScript()
	case wrapper == "" || r.custom:
		return nil
	}
	script := f.opt.at(wrapper)
	if rest, ok := strings.CutPrefix(wrapper, taskRoot+"/"); ok {
		script = filepath.Join(c.CodeDir, rest)
	}
	if !isFile(script) {
		return fault.In("Environment.Variables."+wrapperVariable, fault.New("name a script in the function's code ("+taskRoot+"/…) or in one of its layers ("+optDir+"/…)",
			"there is no file %s", wrapper))
	}
	if err := checkExecutable(script); err != nil {
		return fault.In("Environment.Variables."+wrapperVariable, err)
	}
	r.program, r.args = script, append([]string{r.program}, r.args...)
	return nil
}

// adapterWrapper is the script of AWS's adapter layer, which executes the file that
// Handler names. Only it starts the app in place of a runtime.
//
// See: https://aws.github.io/aws-lambda-web-adapter/getting-started/zip-packages.html
const adapterWrapper = optDir + "/" + bootstrapName

// startScript makes the start script of an app behind AWS's adapter the process,
// as the wrapper in the adapter's layer does. That is a script of bash, which also
// runs files that don't begin with #!.
func (f *Function) startScript() error {
	c, r := f.config, f.runtime
	if r.custom && isFile(r.program) {
		return fault.In("Code", checkExecutable(r.program)) // provided runtimes execute bootstrap
	}
	if c.Handler == "" {
		return fault.In("Handler", fault.New("set the name of the script that starts the app, as in run.sh", "is empty"))
	}
	script := filepath.Join(c.CodeDir, filepath.FromSlash(c.Handler))
	if !isFile(script) {
		return fault.In("Handler", fault.New("name a script in the code that starts the app, as in run.sh",
			"there is no file %s, and behind AWS's adapter layer it would be executed", script))
	}
	if !r.custom && c.Environment[wrapperVariable] != adapterWrapper {
		fault.Log(f.log, slog.LevelWarn, "runs "+c.Handler+" locally, but not on AWS",
			"it has AWS's adapter layer, and "+wrapperVariable+" isn't "+adapterWrapper+": there the runtime takes Handler for a function",
			"set the variable "+wrapperVariable+" to "+adapterWrapper)
	}
	r.program, r.args = script, nil
	return fault.In("Handler", checkExecutable(script))
}

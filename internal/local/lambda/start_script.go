package lambda

import (
	"log/slog"
	"path/filepath"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

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

package lambda

import (
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

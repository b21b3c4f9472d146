package build

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// commandOf returns the command of a function in Options.Commands, or "".
func (f *functions) commandOf(r *template.Resource) string {
	return cmp.Or(f.options.Commands[r.LogicalID], f.options.Commands[r.Path])
}

// checkFunctionNames returns an error for names in Options.Commands and
// Options.Variables that no function has.
func (b *builder) checkFunctionNames() error {
	functions, err := b.deployment.ResourcesOfType("AWS::Lambda::Function")
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range functions {
		known[r.LogicalID], known[r.Path] = true, true
	}
	withVariables := map[string]string{}
	for key, value := range b.options.Variables {
		function, _ := cutVariable(key)
		withVariables[function] = value
	}
	return cmp.Or(
		checkNames("--run", "a function", b.options.Commands, known, known),
		checkNames("--env", "a function", withVariables, known, known),
	)
}

// shell returns the words that run a command of a person.
func shell(command string) []string { return []string{"/bin/sh", "-c", command} }

// machinePath are the directories of PATH that this program was started with.
func machinePath() []string {
	return slices.DeleteFunc(filepath.SplitList(os.Getenv("PATH")), func(dir string) bool { return !filepath.IsAbs(dir) })
}

// commanded returns how a command runs a function's code.
func (f *functions) commanded(r *template.Resource, p functionProperties, command string) (lambda.Config, error) {
	config, err := f.code(r, p)
	if err != nil {
		return config, err
	}
	f.log.Info(r.Path + " runs " + command + " in place of its runtime, " + servedBy(config.Adapter))
	config.Command, config.SearchPath = shell(command), machinePath()
	return config, nil
}

// servedBy says how a command that is given gets requests.
func servedBy(adapter bool) string {
	if adapter {
		return "as a web app behind the stand-in for AWS's adapter"
	}
	return "as a client of the Runtime API"
}

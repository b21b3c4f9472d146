package build

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/guard"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

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
	config.Command, config.SearchPath = guard.Shell(command), machinePath()
	return config, nil
}

// servedBy says how a command that is given gets requests.
func servedBy(adapter bool) string {
	if adapter {
		return "as a web app behind the stand-in for AWS's adapter"
	}
	return "as a client of the Runtime API"
}

// variables returns the environment variables of a function, with those of
// Options.Variables.
func (f *functions) variables(r *template.Resource, own map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, own)
	for key, value := range f.options.Variables {
		if function, name := cutVariable(key); function == r.LogicalID || function == r.Path {
			all[name] = value
		}
	}
	return all
}

// cutVariable returns the function and the name of a key of Options.Variables.
// Construct paths may have dots, and names have none.
func cutVariable(key string) (function, name string) {
	dot := strings.LastIndex(key, ".")
	return key[:max(dot, 0)], key[dot+1:]
}

// checkNames returns an error for a flag that names nothing that is served.
func (b *builder) checkNames() error {
	return cmp.Or(
		checkNames("--s3", "an origin's bucket", b.options.Buckets, b.buckets.given, b.buckets.known),
		checkNames("--kvs", "a function's key value store", b.options.KeyValueStores, b.stores, b.stores),
		checkNames("--origin", "an origin, function or bucket", b.options.Origins, b.origins, b.origins),
		checkNames("--function", "a function or version that the app imports", b.options.Functions, b.imported, b.imported),
		checkNames("--layer", "a layer of a function", b.options.Layers, b.layers.named, b.layers.named),
	)
}

// checkNames returns an error for the first of the names that a flag gave and that
// nothing in the assembly has used. known are those that it could have used.
func checkNames(flag, kind string, given map[string]string, used, known map[string]bool) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if used[name] {
			continue
		}
		hint := "remove the flag: the assembly has none"
		if len(known) > 0 {
			hint = "use one of " + strings.Join(slices.Sorted(maps.Keys(known)), ", ")
		}
		return fault.At(flag, fault.New(hint, "%s doesn't name %s", name, kind))
	}
	return nil
}

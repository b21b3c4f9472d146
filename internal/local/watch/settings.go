package watch

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/guard"
)

// settings are the parts of cdk.json that matter here.
//
// See: https://docs.aws.amazon.com/cdk/v2/guide/cli.html
type settings struct {
	// App and Build are command lines. Build runs first, if there is one.
	App   string `json:"app"`
	Build string `json:"build"`

	// Context holds the project's context values.
	Context map[string]any `json:"context"`

	// Watch says which files "cdk watch" watches, and this package too.
	//
	// See: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-watch.html
	Watch struct {
		Include globs `json:"include"`
		Exclude globs `json:"exclude"`
	} `json:"watch"`
}

// globs are patterns of slash-separated paths, in cdk.json one or a list.
type globs []string

// UnmarshalJSON reads a string or a list of strings.
func (g *globs) UnmarshalJSON(data []byte) error {
	var list []string
	if json.Unmarshal(data, &list) != nil {
		list = make([]string, 1)
		if json.Unmarshal(data, &list[0]) != nil {
			return fault.New("give a pattern or a list of patterns", "%s isn't a pattern", data)
		}
	}
	for _, glob := range list {
		if !doublestar.ValidatePattern(glob) {
			return fault.New("give a pattern such as **/*.go", "%q isn't a valid pattern", glob)
		}
		*g = append(*g, path.Clean(glob))
	}
	return nil
}

// match reports whether a pattern matches the path or a directory above it.
func (g globs) match(name string) bool {
	for ; name != "." && name != "/"; name = path.Dir(name) {
		for _, glob := range g {
			if doublestar.MatchUnvalidated(glob, name) {
				return true
			}
		}
	}
	return false
}

// readSettings reads the cdk.json of a directory, if there is one, and adds the
// looked up values in cdk.context.json. A value in cdk.json wins.
//
// See: https://docs.aws.amazon.com/cdk/v2/guide/context.html
func readSettings(dir string) (settings, error) {
	var s settings
	if err := readJSON(filepath.Join(dir, "cdk.json"), &s); err != nil {
		return s, err
	}
	context := map[string]any{}
	if err := readJSON(filepath.Join(dir, "cdk.context.json"), &context); err != nil {
		return s, err
	}
	maps.Copy(context, s.Context)
	s.Context = context
	return s, nil
}

// readJSON decodes a file, unless it is missing.
func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		err = json.Unmarshal(data, into)
	}
	syntax, mismatch := new(json.SyntaxError), new(json.UnmarshalTypeError)
	switch {
	case errors.As(err, &syntax):
		err = fault.New("correct the JSON", "invalid JSON at byte %d: %w", syntax.Offset, err)
	case errors.As(err, &mismatch):
		err = fault.In(mismatch.Field, fault.New("correct the value", "a JSON %s isn't allowed here", mismatch.Value))
	}
	return fault.At(path, err)
}

// contextOfCLI is the context that the CDK CLI adds for every app, as far as it
// changes the assembly: construct paths in the templates, and bundling for all
// stacks.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cx_api-readme.html
// Seen: contextFromSettings in aws-cdk 2.1148.1.
var contextOfCLI = map[string]any{
	"aws:cdk:enable-path-metadata":              true,
	"aws:cdk:enable-asset-metadata":             true,
	"aws:cdk:bundling-stacks":                   []string{"**"},
	"@aws-cdk/core:failSynthOnValidationErrors": false,
}

// ContextOfMachine has the handlers of package infra made for this machine and its
// python3, whose dependencies they install.
var ContextOfMachine = sync.OnceValue(func() map[string]string {
	context := map[string]string{"cloudfurl:goos": runtime.GOOS, "cloudfurl:goarch": runtime.GOARCH}
	if version, err := bundle.PythonVersion(bundle.PythonProgram); err == nil {
		context["cloudfurl:python"] = version
	}
	return context
})

// withoutValidation skips the validation of templates by CloudFormation's rules,
// which takes most of the time of a synthesis and matters for deployments only.
//
// Seen: the CDK CLI sets it for --no-validation; 2.270 reads it.
const withoutValidation = "CDK_VALIDATION=false"

// maxContextVariable is the size, in bytes, from which the context travels in a
// file, as with the CDK CLI: Linux limits a variable to 128 KB.
//
// See: https://man7.org/linux/man-pages/man2/execve.2.html
const maxContextVariable = 96 << 10

// environment returns the environment of the app's command. The context given
// wins over that of the settings. Temporary files of the command go below temp.
func environment(s settings, given map[string]string, temp string) ([]string, error) {
	context := maps.Clone(contextOfCLI)
	for key, value := range ContextOfMachine() {
		context[key] = value
	}
	maps.Copy(context, s.Context)
	for key, value := range given {
		context[key] = value
	}
	data, err := json.Marshal(context)
	if err != nil {
		return nil, err
	}
	scratch := filepath.Join(temp, "tmp")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return nil, err
	}
	variables := append(os.Environ(), guard.TempVariable+"="+scratch, withoutValidation)
	if len(data) < maxContextVariable {
		return append(variables, "CDK_CONTEXT_JSON="+string(data)), nil
	}
	overflow := filepath.Join(temp, "context.json")
	return append(variables, "CDK_CONTEXT_JSON={}", "CONTEXT_OVERFLOW_LOCATION_ENV="+overflow), os.WriteFile(overflow, data, 0o600)
}

package watch

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

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
	if version, err := bundle.PythonVersion("python3"); err == nil {
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
	variables := append(os.Environ(), "TMPDIR="+scratch, withoutValidation)
	if len(data) < maxContextVariable {
		return append(variables, "CDK_CONTEXT_JSON="+string(data)), nil
	}
	overflow := filepath.Join(temp, "context.json")
	return append(variables, "CDK_CONTEXT_JSON={}", "CONTEXT_OVERFLOW_LOCATION_ENV="+overflow), os.WriteFile(overflow, data, 0o600)
}

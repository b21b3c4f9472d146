package templatefile

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// translator has the packages of AWS's translator with all that they need, and
// translateScript calls it.
var (
	//go:embed requirements.txt
	translator string
	//go:embed translate.py
	translateScript string
)

// defaultRegion is that of a stack that has none.
const defaultRegion = "us-east-1"

// An item is a template of SAM, and a result what became of it.
type (
	item struct {
		Template   map[string]any    `json:"template"`
		Parameters map[string]string `json:"parameters"`
		Region     string            `json:"region"`
	}
	result struct {
		Template map[string]any
		Problems []string
	}
)

func (r *reader) translate() error {
	if len(r.sam) == 0 {
		return nil
	}
	items := make([]item, len(r.sam))
	for i, s := range r.sam {
		items[i] = item{s.Template, r.parametersOf(s.Name, s.Template), cmp.Or(s.Region, defaultRegion)}
	}
	var results []result
	program, version, err := python(bundle.PythonProgram)
	if err == nil {
		python := &bundle.Python{Version: version, Native: true}
		err = python.Use(translator, bundle.UserCache(), func(packages string) error {
			results, err = runTranslator(program, packages, items)
			return err
		})
	}
	if err != nil {
		return fault.At(r.sam[0].TemplateFile, fault.New("it needs Python 3.10 or later, and at its first use the package index",
			"AWS's translator of SAM doesn't run: %w", err))
	}
	for i, result := range results {
		if len(result.Problems) > 0 {
			return fault.At(r.sam[i].TemplateFile, fault.New("correct the template", "AWS's translator of SAM rejects it: %s", strings.Join(result.Problems, " ")))
		}
		r.sam[i].Template = result.Template
	}
	return nil
}

// runTranslator runs the translator. No file or profile of AWS matters to it.
func runTranslator(program, packages string, items []item) (results []result, err error) {
	input, err := json.Marshal(items)
	if err != nil {
		return nil, err
	}
	command := exec.Command(program, "-c", translateScript)
	command.Stdin = bytes.NewReader(input)
	own := slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "AWS_") })
	command.Env = append(own, "PYTHONPATH="+packages, "PYTHONPYCACHEPREFIX="+packages+".compiled",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	output, err := command.Output()
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		lines := strings.Split(strings.TrimSpace(string(failed.Stderr)), "\n")
		return nil, errors.New(lines[len(lines)-1])
	}
	if err != nil {
		return nil, err
	}
	err = decodeJSON(output, &results)
	return results, err
}

func (r *reader) parametersOf(stack string, template map[string]any) map[string]string {
	declared, _ := template["Parameters"].(map[string]any)
	values := map[string]string{}
	for name := range declared {
		if value := r.parameter(stack, name); value != "" {
			values[name] = value
		}
	}
	return values
}

func (r *reader) parameter(stack, name string) string {
	return cmp.Or(r.Parameters[stack+"."+name], r.Parameters[name])
}

// Package synthtest helps tests that synthesize CDK apps: it queries templates,
// returns the messages that constructs panic with, and normalizes templates for
// snapshots. The jsii kernel serves one goroutine, so tests that use this
// package must not run in parallel.
package synthtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// A Template is the parsed template of one stack.
type Template map[string]any

// A Resource is one resource of a template.
type Resource struct {
	LogicalID      string
	Type           string
	Properties     map[string]any
	DeletionPolicy string
}

// Templates synthesizes the app, even if it was synthesized before, and returns
// the template of each stack by the stack's name.
func Templates(app awscdk.App) map[string]Template {
	templates := map[string]Template{}
	for _, stack := range *app.Synth(&awscdk.StageSynthesisOptions{Force: jsii.Bool(true)}).StacksRecursively() {
		templates[*stack.StackName()] = stack.Template().(map[string]any)
	}
	return templates
}

// Resources returns the resources of a type, or all if the type is empty, in no
// particular order.
func (tmpl Template) Resources(resourceType string) []Resource {
	var found []Resource
	all, _ := tmpl["Resources"].(map[string]any)
	for id, value := range all {
		properties := value.(map[string]any)
		if resourceType != "" && properties["Type"] != resourceType {
			continue
		}
		r := Resource{LogicalID: id, Type: properties["Type"].(string)}
		r.Properties, _ = properties["Properties"].(map[string]any)
		r.DeletionPolicy, _ = properties["DeletionPolicy"].(string)
		found = append(found, r)
	}
	return found
}

// Only returns the one resource of a type.
func (tmpl Template) Only(t *testing.T, resourceType string) Resource {
	t.Helper()
	found := tmpl.Resources(resourceType)
	if len(found) != 1 {
		t.Fatalf("got %d resources of type %s, want 1", len(found), resourceType)
	}
	return found[0]
}

// Outputs returns the names of the outputs, in no particular order.
func (tmpl Template) Outputs() []string {
	var names []string
	outputs, _ := tmpl["Outputs"].(map[string]any)
	for name := range outputs {
		names = append(names, name)
	}
	return names
}

// Text returns a value as JSON, for searching and comparing.
func Text(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// At returns the value at path, a list of keys and indices, below value.
func At(t *testing.T, value any, path ...any) any {
	t.Helper()
	if tmpl, ok := value.(Template); ok {
		value = map[string]any(tmpl)
	}
	for i, key := range path {
		switch k := key.(type) {
		case string:
			m, ok := value.(map[string]any)
			if !ok {
				t.Fatalf("%v: got %T, want an object", path[:i], value)
			}
			value = m[k]
		case int:
			l, ok := value.([]any)
			if !ok || k >= len(l) {
				t.Fatalf("%v: got %v, want a list longer than %d", path[:i], value, k)
			}
			value = l[k]
		}
	}
	return value
}

// Failure returns the message that f panics with.
func Failure(t *testing.T, f func()) (message string) {
	t.Helper()
	defer func() {
		switch reason := recover().(type) {
		case nil:
			t.Error("got no panic, want one")
		case error:
			message = reason.Error()
		default:
			message = fmt.Sprint(reason)
		}
	}()
	f()
	return ""
}

var (
	assetHash   = regexp.MustCompile(`[0-9a-f]{64}`)
	versionHash = regexp.MustCompile(`(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}`)
)

// Normalize returns a copy of a template's value in which the hashes of assets
// and Lambda versions, which change with the code, are replaced.
func Normalize(value any) any {
	switch v := value.(type) {
	case string:
		return versionHash.ReplaceAllString(assetHash.ReplaceAllString(v, "<asset>"), "$1<version>")
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = Normalize(element)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, element := range v {
			object[Normalize(key).(string)] = Normalize(element)
		}
		return object
	}
	return value
}

// The consumer is somebody else's CDK app, in a module of its own, as small as
// it can be. The README shows its files.
package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// synthesized runs the app and returns the directory of its assembly.
func synthesized(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	command := exec.Command("go", "run", ".")
	command.Env = append(os.Environ(), "CDK_OUTDIR="+out)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return out
}

func readTemplate(t *testing.T, path string) (template struct {
	Resources map[string]struct {
		Type       string
		Properties map[string]any
	}
	Outputs map[string]any
}) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &template); err != nil {
		t.Fatal(err)
	}
	return template
}

func TestConsumer_synthesizes_its_stack_and_the_edge_stack(t *testing.T) {
	out := synthesized(t)
	chat := readTemplate(t, filepath.Join(out, "Chat.template.json"))
	edge := readTemplate(t, filepath.Join(out, "CloudfurlEdge.template.json"))

	var types []string
	for _, resource := range chat.Resources {
		types = append(types, resource.Type)
	}
	for _, want := range []string{"AWS::CloudFront::Distribution", "AWS::CloudFront::Function", "AWS::CloudFront::OriginAccessControl", "AWS::Lambda::Function", "AWS::Lambda::Url"} {
		if !slices.Contains(types, want) {
			t.Errorf("got %v, want %s among them", types, want)
		}
	}
	if len(edge.Outputs) != 1 {
		t.Errorf("got outputs %v of the edge stack, want the version's ARN", edge.Outputs)
	}
}

func TestConsumer_handler_is_built_from_its_own_module(t *testing.T) {
	out := synthesized(t)
	executables, err := filepath.Glob(filepath.Join(out, "asset.*", "bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	if len(executables) != 1 {
		t.Errorf("got executables %v, want one", executables)
	}
}

func TestConsumer_runs_the_command_as_a_tool(t *testing.T) {
	output, err := exec.Command("go", "tool", "cloudfurl", "help").CombinedOutput()
	if err != nil || !strings.Contains(string(output), "Usage: cloudfurl") {
		t.Errorf("got %v and %q, want the usage", err, output)
	}
}

func TestConsumer_is_what_the_README_shows(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"cdk.json", "main.go", "handler/main.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(readme), strings.TrimSpace(string(source))) {
			t.Errorf("README.md does not show %s as it is compiled", file)
		}
	}
}

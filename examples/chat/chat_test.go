// Chat is the app of the README, in its own module as any user's app is.
package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestChat_synthesizes_and_serves(t *testing.T) {
	assembly := localtest.Synthesize(t)
	t.Run("has a stack and an edge stack", func(t *testing.T) {
		chat := readTemplate(t, filepath.Join(assembly, "Chat.template.json"))
		edge := readTemplate(t, filepath.Join(assembly, "CloudfurlEdge.template.json"))
		var types []string
		for _, resource := range chat.Resources {
			types = append(types, resource.Type)
		}
		for _, want := range []string{"AWS::CloudFront::Distribution", "AWS::CloudFront::Function", "AWS::CloudFront::OriginAccessControl", "AWS::Lambda::Function", "AWS::Lambda::Url"} {
			if !slices.Contains(types, want) {
				t.Errorf("got %v, want %s among them", types, want)
			}
		}
		if _, ok := chat.Outputs["Url"]; !ok || len(chat.Outputs) != 1 {
			t.Errorf("got outputs %v of the stack, want Url", chat.Outputs)
		}
		if len(edge.Outputs) != 1 {
			t.Errorf("got outputs %v of the edge stack, want the version's ARN", edge.Outputs)
		}
	})
	t.Run("builds the handler from its own module", func(t *testing.T) {
		executables, err := filepath.Glob(filepath.Join(assembly, "asset.*", "bootstrap"))
		if err != nil || len(executables) != 1 {
			t.Errorf("got executables %v (%v), want one", executables, err)
		}
	})
	t.Run("streams and takes a POST", func(t *testing.T) {
		edge := localtest.Serve(t, localtest.Build(t), assembly)
		host := strings.TrimPrefix(edge.URL, "http://")
		const want = "0: hello Ada, this is HOST\n1: hello Ada, this is HOST\n2: hello Ada, this is HOST\n"
		for method, got := range map[string]string{
			"GET":  localtest.Stream(t, edge.URL+"/?name=Ada", 300*time.Millisecond),
			"POST": localtest.Post(t, edge.URL+"/", "name=Ada"),
		} {
			if got != strings.ReplaceAll(want, "HOST", host) {
				t.Errorf("%s: got %q, want %q with HOST %s", method, got, want, host)
			}
		}
	})
}

func readTemplate(t *testing.T, path string) (template struct {
	Resources map[string]struct{ Type string }
	Outputs   map[string]any
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

func TestChat_runs_the_command_as_a_tool(t *testing.T) {
	output, err := exec.Command("go", "tool", "cloudfurl", "help").CombinedOutput()
	if err != nil || !strings.Contains(string(output), "Usage: cloudfurl") {
		t.Errorf("got %v and %q, want the usage", err, output)
	}
}

func TestChat_is_what_its_README_shows(t *testing.T) {
	var files [3]string
	for i, name := range []string{"README.md", "main.go", "handler/main.go"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[i] = string(content)
	}
	shown := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(files[0], -1)
	if len(shown) != 2 {
		t.Fatalf("README.md shows %d pieces of Go, want one of each file", len(shown))
	}
	for i, source := range files[1:] {
		if !strings.Contains(source, shown[i][1]) {
			t.Errorf("README.md shows what isn't in the source:\n%s", shown[i][1])
		}
	}
}

package build

import (
	"archive/zip"
	"cmp"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// object is a JSON object.
type object = map[string]any

// siteAssembly copies the assembly of testdata/site and lets change edit the
// resources of its stack.
func siteAssembly(t *testing.T, change func(resources object)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cdk.out")
	if err := os.CopyFS(dir, os.DirFS("testdata/site")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "Site.template.json")
	document := decodeFile(t, file)
	change(document["Resources"].(object))
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// addStack adds a stack to an assembly. It has no region if region is empty.
func addStack(t *testing.T, dir, id, region string, resources object) {
	t.Helper()
	file := filepath.Join(dir, "manifest.json")
	manifest := decodeFile(t, file)
	manifest["artifacts"].(object)[id] = object{
		"type": "aws:cloudformation:stack", "environment": "aws://111122223333/" + cmp.Or(region, "unknown-region"),
		"properties": object{"templateFile": id + ".template.json"},
	}
	for name, document := range map[string]object{file: manifest, filepath.Join(dir, id+".template.json"): {"Resources": resources}} {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func decodeFile(t *testing.T, file string) object {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var document object
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// properties returns the properties of a resource, to be changed.
func properties(resources object, logicalID string) object {
	return resources[logicalID].(object)["Properties"].(object)
}

// open starts an assembly until the test ends, and returns its first part, the only
// distribution, and its log.
func open(t *testing.T, dir string, options Options) (Part, *logtest.Log) {
	t.Helper()
	app, log := openApp(t, dir, options)
	return app.Parts[0], log
}

// openApp starts an assembly until the test ends, and returns its log.
func openApp(t *testing.T, dir string, options Options) (*App, *logtest.Log) {
	t.Helper()
	log, written := logtest.New()
	app, err := buildDir(dir, options, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	})
	return app, written
}

// buildDir returns an assembly as an app that was started.
func buildDir(dir string, options Options, log *slog.Logger) (*App, error) {
	cloud, err := assembly.Open(dir)
	if err != nil {
		return nil, err
	}
	app, err := Build(cloud, options, log)
	if err != nil {
		return nil, err
	}
	app.Start()
	return app, nil
}

// get sends a GET request.
func get(t *testing.T, edge http.Handler, path string) (*http.Response, string) {
	t.Helper()
	return do(t, edge, httptest.NewRequest(http.MethodGet, path, nil))
}

func do(t *testing.T, edge http.Handler, req *http.Request) (*http.Response, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	edge.ServeHTTP(recorder, req)
	resp := recorder.Result()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// resource returns the resource R of a stack App in eu-west-1 that has no other
// one.
func resource(t *testing.T, text string) *template.Resource {
	t.Helper()
	var parsed object
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatal(err)
	}
	return onlyResource(t, &assembly.Stack{ID: "App", Region: "eu-west-1", Template: object{"Resources": object{"R": parsed}}})
}

// onlyResource returns the only resource of a stack that has its type.
func onlyResource(t *testing.T, stack *assembly.Stack) *template.Resource {
	t.Helper()
	d, err := template.New([]*assembly.Stack{stack}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range stack.Template["Resources"].(object) {
		found, err := d.ResourcesOfType(raw.(object)["Type"].(string))
		if err != nil {
			t.Fatal(err)
		}
		return found[0]
	}
	return nil
}

// wantError checks that an error, or its hint, has all of the words.
func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if err == nil || !strings.Contains(err.Error(), word) && !strings.Contains(fault.HintOf(err), word) {
			t.Errorf("got the error %v with the hint %q, want %q in it", err, fault.HintOf(err), word)
			return
		}
	}
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writeZip writes an archive, names as they are given.
func writeZip(t *testing.T, file string, files map[string]string) {
	t.Helper()
	target, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	archive := zip.NewWriter(target)
	for name, content := range files {
		part, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
}

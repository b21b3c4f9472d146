// Package scaffold tests what `cloudfurl init` writes: it is compiled, synthesized and
// served, and served again after a change of the app.
package scaffold

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// patience is how long a change may take to be noticed.
const patience = 20 * time.Second

// server is a Go server that reads a file.
const server = `package main

import (
	"html/template"
	"net/http"
	"os"
)

func main() {
	page := template.Must(template.ParseFiles("templates/index.html"))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { page.Execute(w, r.FormValue("name")) })
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil)
}
`

// initialize runs init for a directory with files, given as names and contents, and
// serves it. The CDK app is the working directory for the rest of the test.
func initialize(t *testing.T, files ...string) (dir string, edge *localtest.Edge) {
	t.Helper()
	command := localtest.Build(t)
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for i := 0; i < len(files); i += 2 {
		put(t, filepath.Join(dir, files[i]), files[i+1])
	}
	if err := localtest.Run(dir, nil, command, "init", "--source", source); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "cloudfurl"))
	return dir, localtest.Watch(t, command)
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestInit_serves_a_Go_server_and_each_change_of_it(t *testing.T) {
	dir, edge := initialize(t, "go.mod", "module server\n\ngo 1.26.0\n", "main.go", server, "templates/index.html", "Hello {{.}}")
	if got := localtest.Post(t, edge.URL+"/", "name=Ada"); got != "Hello Ada" {
		t.Errorf("got %q, want a greeting", got)
	}
	put(t, filepath.Join(dir, "templates/index.html"), "Welcome {{.}}")
	// The first requests may come before the system tells of the change.
	got := ""
	for began := time.Now(); got != "Welcome Ada" && time.Since(began) < patience; {
		got = localtest.Post(t, edge.URL+"/", "name=Ada")
	}
	if got != "Welcome Ada" {
		t.Errorf("got %q after a change, want a welcome", got)
	}
}

func TestInit_serves_a_static_site(t *testing.T) {
	_, edge := initialize(t, "index.html", "<h1>Hello</h1>", "about/index.html", "About")
	for path, want := range map[string]string{"/": "<h1>Hello</h1>", "/about/": "About"} {
		if got := localtest.Get(t, edge.URL+path); got != want {
			t.Errorf("GET %s: got %q, want %q", path, got, want)
		}
	}
}

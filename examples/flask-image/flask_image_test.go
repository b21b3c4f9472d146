package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestFlaskImage_serves_a_container_image(t *testing.T) {
	localtest.NeedPython(t)
	usePackages(t)
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))

	host := strings.TrimPrefix(edge.URL, "http://")
	if got, want := localtest.Get(t, edge.URL+"/"), "Hello from Flask. The API is http://"+host+"/api/hello\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	edge.PostMegabyte(t, "/api/echo")
	edge.StreamAtOnce(t, "/api/hello?name=Ada", 6, `{"message":"Hello, Ada!"}`+"\n")
}

// usePackages lets the app run on this machine.
func usePackages(t *testing.T) {
	t.Helper()
	if err := localtest.Run("", nil, "make", "--silent", ".venv/installed"); err != nil {
		t.Fatal(err)
	}
	programs, err := filepath.Abs(filepath.Join(".venv", "bin"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", programs+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

package bundle

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUV_is_installed_where_there_is_none(t *testing.T) {
	dir, _ := wheels(t, tool("cp313-cp313-manylinux_2_17_aarch64", "native"))
	uv, err := exec.LookPath("uv")
	if err != nil {
		t.Fatal(err)
	}
	wheel{name: "uv", version: uvVersion, tag: "py3-none-any", files: map[string]string{
		"uv-" + uvVersion + ".data/scripts/uv": fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\"\n", uv),
	}}.write(t, dir)
	withoutUV(t)
	app := App{Dir: t.TempDir(), Python: arm64}
	write(t, app.Dir, "requirements.txt", "tool==1.0\n")
	for range 2 {
		if files := contents(t, mustBundle(t, app)); files["tool/native.so"] == "" {
			t.Errorf("got files %v, want the package", files)
		}
		// The second time, it is there.
		if err := os.RemoveAll(filepath.Join(dir, "uv-"+uvVersion+"-py3-none-any.whl")); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(UserCache().Dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v (%v) in the user's cache, want uv of one version", entries, err)
	}
}

// indexesFor returns what uv gets of the settings of pip for the app of a directory.
func indexesFor(t *testing.T, dir string) (arguments, variables []string) {
	t.Helper()
	settings, _, err := uvSettings(dir)
	if err != nil {
		t.Fatal(err)
	}
	return (&requirements{python: arm64, dir: dir, name: requirementsFile}).pipIndexes(settings)
}

func TestUV_asks_the_indexes_of_pip(t *testing.T) {
	_, index := wheels(t, tool("py3-none-any", "native"))
	config := filepath.Join(t.TempDir(), "pip.conf")
	t.Setenv("PIP_INDEX_URL", "")
	t.Setenv("PIP_CONFIG_FILE", config)
	t.Setenv("UV_DEFAULT_INDEX", "")
	t.Setenv("PIP_CERT", "")
	write(t, filepath.Dir(config), "pip.conf", "[global]\nindex-url = https://c/\ntimeout = 5\nextra-index-url =\n  https://a/\n  https://b/\n[install]\nfind-links = /a /b\nno-index = true\n")
	arguments, variables := indexesFor(t, "")
	// This machine may need its own.
	variables = slices.DeleteFunc(variables, func(v string) bool { return strings.HasPrefix(v, "SSL_CERT_FILE=") })
	if diff := cmp.Diff([]string{"--no-index"}, arguments); diff != "" {
		t.Errorf("got other arguments (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"UV_EXTRA_INDEX_URL=https://a/ https://b/", "UV_DEFAULT_INDEX=https://c/", "UV_FIND_LINKS=/a,/b"}, variables); diff != "" {
		t.Errorf("got other variables (-want +got):\n%s", diff)
	}
	t.Setenv("UV_DEFAULT_INDEX", "https://example.com/simple")
	if arguments, variables := indexesFor(t, ""); len(arguments)+len(variables) > 0 {
		t.Errorf("got %v and %v besides an index of uv, want nothing", arguments, variables)
	}
	t.Setenv("UV_DEFAULT_INDEX", "")
	for name, text := range map[string]string{"uv.toml": "[[index]]\nurl = \"https://example.com/simple\"\n", "pyproject.toml": "[[tool.uv.index]]\nurl = \"https://example.com/simple\"\n"} {
		dir := t.TempDir()
		write(t, dir, name, text)
		if arguments, variables := indexesFor(t, dir); len(arguments)+len(variables) > 0 {
			t.Errorf("got %v and %v besides an index in %s, want nothing", arguments, variables, name)
		}
	}

	t.Setenv("UV_DEFAULT_INDEX", "")
	write(t, filepath.Dir(config), "pip.conf", "[global]\nindex-url = "+index+"\n")
	app := App{Dir: t.TempDir(), Python: arm64}
	write(t, app.Dir, "requirements.txt", "tool==1.0\n")
	if files := contents(t, mustBundle(t, app)); files["tool/native.so"] == "" {
		t.Errorf("got files %v, want the package of pip's index", files)
	}
	other := "--index-url http://127.0.0.1:1/simple\n"
	write(t, app.Dir, "requirements.txt", other+"tool==1.0\n")
	t.Setenv("UV_HTTP_RETRIES", "0")
	_, err := bundled(t, app)
	wantError(t, err, "http://127.0.0.1:1/simple/tool")
}

package bundle

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// thisMachine returns the Python of Lambda that is most like this machine's.
func thisMachine(t *testing.T) *Python {
	t.Helper()
	for name, cpu := range cpus {
		if runtime.GOOS == "linux" && runtime.GOARCH == cpu.goarch {
			return &Python{Version: thisPython(t), Architecture: name}
		}
	}
	t.Skip("needs Linux on a CPU of Lambda")
	return nil
}

func TestPip_makes_the_bytes_of_uv_where_there_is_no_uv(t *testing.T) {
	python := thisMachine(t)
	dir, index := wheels(t, tool("py3-none-any", "native"), wheel{name: "other", version: "1.0", tag: "py3-none-any"})
	data, err := os.ReadFile(filepath.Join(dir, "tool-1.0-py3-none-any.whl"))
	if err != nil {
		t.Fatal(err)
	}
	app := App{Dir: t.TempDir(), Python: python, Cache: Cache{Dir: t.TempDir()}}
	write(t, app.Dir, "requirements.txt", fmt.Sprintf("--index-url %s\n--require-hashes\ntool==1.0 --hash=%s\n-c pins.txt\nother ; sys_platform == 'win32'\n", index, sha256Of(data)), "pins.txt", "other==1.0\n")
	byUV := contents(t, mustBundle(t, app))

	withoutUV(t)
	app.Cache = Cache{Dir: t.TempDir()}
	if diff := cmp.Diff(byUV, contents(t, mustBundle(t, app))); diff != "" {
		t.Errorf("pip's bundle differs (-uv +pip):\n%s", diff)
	}
	if kept, _ := os.ReadDir(app.Cache.Dir); len(kept) > 0 {
		t.Errorf("got %v in the cache, want nothing: pip's settings aren't known", kept)
	}
}

func TestPip_fails_where_it_cannot_install_for_Lambda(t *testing.T) {
	none := errors.New("pip couldn't install it")
	dir := t.TempDir()
	for name, test := range map[string]struct {
		python Python
		want   string
	}{
		"another Python":        {Python{Version: "3.99", Architecture: "x86_64"}, "for Python 3.99 on x86_64 needs uv on this machine: pip couldn't install it"},
		"another CPU":           {Python{Version: thisPython(t), Architecture: "s390x"}, "needs uv on this machine: pip couldn't install it"},
		"no Python of its name": {Python{Version: "3.99", Native: true}, "no such Python in PATH"},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, newRequirements(&test.python, dir, requirementsFile).installByPip(none, nil), test.want)
		})
	}
	err := newRequirements(arm64, dir, requirementsFile).failure("pip", errors.New("exit status 1"),
		"ERROR: Could not find a version that satisfies the requirement other==2.0 (from versions: 1.0)\nERROR: No matching distribution found for other==2.0\n")
	wantError(t, err, "the package index has no wheel", "other==2.0 (from versions: 1.0)")
}

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
	if err != nil || len(entries) != 1 || entries[0].Name() != "uv-"+uvVersion {
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
	return newRequirements(arm64, dir, requirementsFile).pipIndexes(settings)
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

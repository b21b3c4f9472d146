package bundle

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var arm64 = &Python{Version: "3.13", Architecture: "arm64"}

// tool is a package with a program, a module of native code and one of Python.
func tool(tag, marker string) wheel {
	return wheel{
		name: "tool", version: "1.0", tag: tag,
		files: map[string]string{
			"tool/__init__.py":             "def main():\n    print('tool')\n",
			"tool/native.so":               marker,
			"INFO/entry_points.txt":        "[console_scripts]\ntool = tool:main\n\n[other]\nplugin = tool:main\n",
			"tool-1.0.data/scripts/helper": "#!python\nprint('helper')\n",
			"tool-1.0.data/headers/tool.h": "int tool;\n",
		},
	}
}

func TestApp_has_the_wheels_of_its_target(t *testing.T) {
	wheels(t,
		tool("cp313-cp313-manylinux_2_17_aarch64", "for arm64"),
		tool("cp313-cp313-manylinux_2_34_x86_64", "for x86_64"),
		tool("cp311-cp311-manylinux_2_28_x86_64", "for x86_64, Amazon Linux 2023"),
		tool("cp311-abi3-manylinux2014_x86_64", "for x86_64, Amazon Linux 2"),
		tool("cp39-cp39-macosx_11_0_arm64", "for a Mac"),
	)
	for _, test := range []struct {
		python Python
		want   string
	}{
		{Python{Version: "3.13", Architecture: "arm64"}, "for arm64"},
		{Python{Version: "3.13", Architecture: "x86_64"}, "for x86_64"},
		{Python{Version: "3.11", Architecture: "x86_64"}, "for x86_64, Amazon Linux 2"},
	} {
		t.Run(test.python.String(), func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "requirements.txt", "tool==1.0\n")
			files := contents(t, mustBundle(t, App{Dir: dir, Python: &test.python}))
			if got := files["tool/native.so"]; got != "-r--r--r-- "+test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestApp_evaluates_markers_for_Lambda(t *testing.T) {
	needs(t, "python3", "-m", "pip", "--version")
	module := func(name string, requires ...string) wheel {
		return wheel{name: name, version: "1", tag: "py3-none-any", requires: requires, files: map[string]string{name + ".py": ""}}
	}
	wheels(t,
		module("app", `Requires-Dist: graviton; platform_machine == "aarch64"`, `Requires-Dist: mac; sys_platform == "darwin"`),
		module("graviton"), module("mac"),
		module("modern", "Requires-Python: >=3.13"), module("backport"),
	)
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "app==1\nmodern==1; python_version >= '3.13'\nbackport==1; python_version < '3.13'\n")
	files := contents(t, mustBundle(t, App{Dir: dir, Python: arm64}))
	for name, want := range map[string]bool{"app.py": true, "graviton.py": true, "modern.py": true, "mac.py": false, "backport.py": false} {
		if _, got := files[name]; got != want {
			t.Errorf("%s is installed: %v, want %v", name, got, want)
		}
	}
}

func TestApp_is_the_same_whatever_the_machine(t *testing.T) {
	wheels(t, tool("cp313-cp313-manylinux_2_17_aarch64", "native"))
	var bundles []map[string]string
	t.Setenv("UV_COMPILE_BYTECODE", "1")
	for _, mask := range []int{0o022, 0o077} {
		dir := t.TempDir()
		write(t, dir, "requirements.txt", "tool==1.0\n", "app.py", "import tool\n", "lib/util.py", "")
		restore := umask(mask)
		output, err := bundled(t, App{Dir: dir, Python: arm64, Script: &Script{"start.sh", "#!/bin/sh\n"}})
		restore()
		if err != nil {
			t.Fatal(err)
		}
		bundles = append(bundles, contents(t, output))
	}
	if diff := cmp.Diff(bundles[0], bundles[1]); diff != "" {
		t.Errorf("the second bundle differs (-first +second):\n%s", diff)
	}
	first := bundles[0]
	if got := first["start.sh"]; got != "-rwxr-xr-x #!/bin/sh\n" {
		t.Errorf("got start script %q, want it executable", got)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range first {
		if strings.Contains(text, filepath.Dir(python)) || strings.Contains(text, os.TempDir()) || strings.Contains(name, "__pycache__") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "include") {
			t.Errorf("got %s, which depends on this machine: %s", name, text)
		}
	}
	if got := first["bin/tool"]; !strings.HasPrefix(got, "-r-xr-xr-x #!/usr/bin/env python3\n") {
		t.Errorf("got program %q, want it to run with python3", got)
	}
	record := first["tool-1.0.dist-info/RECORD"]
	for _, want := range []string{"\nbin/tool,,\n", "\nbin/helper,,\n", "\ntool/native.so,,\n"} {
		if !strings.Contains("\n"+strings.TrimPrefix(record, "-r--r--r-- "), want) {
			t.Errorf("got RECORD %s, want it to have %q", record, want)
		}
	}
}

func TestApp_reads_no_file_that_a_package_names_outside_of_it(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, filepath.Dir(secret), "secret", "secret")
	up := strings.Repeat("../", 20)
	rows := []string{up + secret[1:] + ",,", "../bin/" + up + secret[1:] + ",,", "bin/" + up + secret[1:] + ",,", secret + ",,", "tool/__init__.py,,", "../../bin/helper,,", "tool-1.0.dist-info/RECORD,,"}
	info := filepath.Join("tool-1.0.dist-info", "RECORD")
	dir := t.TempDir()
	write(t, dir, info, strings.Join(rows, "\n")+"\n", "tool/__init__.py", "", "bin/helper", "", "link", "")
	if err := rewriteRecord(dir, filepath.Join(dir, filepath.Dir(info))); err != nil {
		t.Fatal(err)
	}
	if got, want := contents(t, dir)["tool-1.0.dist-info/RECORD"], "-rw-r--r-- bin/helper,,\ntool-1.0.dist-info/RECORD,,\ntool/__init__.py,,\n"; got != want {
		t.Errorf("got RECORD %q, want %q", got, want)
	}

	malicious := tool("py3-none-any", "native")
	malicious.files["INFO/RECORD"] = strings.Join(rows, "\n") + "\n"
	wheels(t, malicious)
	app := t.TempDir()
	write(t, app, "requirements.txt", "tool==1.0\n")
	output, err := bundled(t, App{Dir: app, Python: arm64})
	// uv may refuse the package.
	if err == nil && strings.Contains(contents(t, output)["tool-1.0.dist-info/RECORD"], "secret") {
		t.Error("RECORD names a file outside of the package")
	}
}

func TestApp_changes_no_file_of_the_cache_of_uv(t *testing.T) {
	wheels(t, tool("py3-none-any", "native"))
	app := App{Dir: t.TempDir(), Python: arm64, Cache: Cache{Dir: t.TempDir()}}
	write(t, app.Dir, "requirements.txt", "tool==1.0\n")
	// By itself, uv links where it can.
	t.Setenv("UV_LINK_MODE", "hardlink")
	mustBundle(t, app)
	found, err := filepath.Glob(filepath.Join(app.Cache.Dir, "*", "tool", "*"))
	if err != nil || len(found) != 2 {
		t.Fatalf("got %v (%v) in the cache, want the package", found, err)
	}
	for _, path := range found {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if links := linksOf(info); links != 1 {
			t.Errorf("%s has %d links, want no other one", path, links)
		}
	}
}

func TestApp_has_programs_that_run_with_python3(t *testing.T) {
	wheels(t, tool("py3-none-any", "native"))
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "tool==1.0\n")
	output := mustBundle(t, App{Dir: dir, Python: arm64})
	for _, name := range []string{"tool", "helper"} {
		program := exec.Command(filepath.Join(output, "bin", name))
		program.Env = append(os.Environ(), "PYTHONPATH="+output, "PYTHONDONTWRITEBYTECODE=1")
		printed, err := program.CombinedOutput()
		if err != nil || string(printed) != name+"\n" {
			t.Errorf("%s printed %q (%v), want its name", name, printed, err)
		}
	}
}

func TestApp_fails_with_a_sentence_about_a_dependency_without_a_wheel(t *testing.T) {
	wheels(t,
		tool("cp313-cp313-manylinux_2_17_x86_64", "native"),
		wheel{name: "other", version: "2.0", tag: "py3-none-any"},
		wheel{name: "app", version: "1.0", tag: "py3-none-any", requires: []string{"Requires-Dist: tool>=1"}},
	)
	for requirement, want := range map[string][]string{
		"tool==1.0":  {"uv couldn't install requirements.txt of ", " for Python 3.13 on arm64: the package index has no wheel", "another version, Runtime or Architecture, or ImageHandler", "tool==1.0 has no wheels with a matching platform tag"},
		"app==1.0":   {"the package index has no wheel", "versions of app depend on tool==1.0"},
		"other==1.0": {"the package index has no wheel", "there is no version of other==1.0"},
		"nobody==1":  {"the package index has no wheel", "nobody was not found"},
	} {
		dir := t.TempDir()
		write(t, dir, "requirements.txt", requirement+"\n")
		output, err := bundled(t, App{Dir: dir, Python: arm64, Cache: Cache{Dir: t.TempDir()}})
		wantError(t, err, want...)
		if entries, _ := os.ReadDir(output); len(entries) > 0 {
			t.Errorf("got files %v after the failure, want none", entries)
		}
	}
}

func TestApp_installs_for_this_machine(t *testing.T) {
	version := thisPython(t)
	wheels(t, tool("py3-none-any", "here"))
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "tool==1.0\nelsewhere==1; python_version < '3'\n")
	files := contents(t, mustBundle(t, App{Dir: dir, Python: &Python{Version: version, Native: true}}))
	if files["tool/native.so"] == "" {
		t.Errorf("got files %v, want the package", files)
	}
	_, err := bundled(t, App{Dir: dir, Python: &Python{Version: "2.6", Native: true}})
	wantError(t, err, "cloudfurl:python is 2.6", "no such Python in PATH")
}

func TestApp_says_what_is_missing(t *testing.T) {
	wheels(t, tool("py3-none-any", "native"))
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "tool==1.0\n")
	t.Run("python3", func(t *testing.T) {
		withoutUV(t)
		t.Setenv("PATH", t.TempDir())
		_, err := bundled(t, App{Dir: dir, Python: arm64})
		wantError(t, err, "needs uv", "pip couldn't install it", "python3\": executable file not found", "python.org")
	})
	t.Run("python3 for uv", func(t *testing.T) {
		uv, err := exec.LookPath("uv")
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", t.TempDir())
		t.Setenv("UV_PYTHON_PREFERENCE", "only-managed")
		t.Setenv("UV_PYTHON_INSTALL_DIR", t.TempDir())
		if err := os.Symlink(uv, filepath.Join(os.Getenv("PATH"), "uv")); err != nil {
			t.Fatal(err)
		}
		_, err = bundled(t, App{Dir: dir, Python: arm64})
		wantError(t, err, "uv couldn't install", "No interpreter found")
	})
	t.Run("pip", func(t *testing.T) {
		needs(t, "python3", "-c", "import venv")
		environment := t.TempDir()
		if output, err := exec.Command("python3", "-m", "venv", "--without-pip", environment).CombinedOutput(); err != nil {
			t.Skipf("needs venv: %s", output)
		}
		withoutUV(t)
		t.Setenv("PATH", filepath.Join(environment, "bin"))
		_, err := bundled(t, App{Dir: dir, Python: arm64})
		wantError(t, err, "No module named pip", "ensurepip", "https://docs.astral.sh/uv")
	})
	t.Run("network", func(t *testing.T) {
		t.Setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:1/simple")
		t.Setenv("UV_HTTP_RETRIES", "0")
		_, err := bundled(t, App{Dir: dir, Python: arm64})
		wantError(t, err, "uv couldn't install", "http://127.0.0.1:1/simple/tool", "onnect")
	})
	t.Run("network for uv", func(t *testing.T) {
		withoutUV(t)
		t.Setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
		t.Setenv("PIP_RETRIES", "1")
		_, err := bundled(t, App{Dir: dir, Python: arm64})
		wantError(t, err, "pip couldn't install it", "connect to the network", "PIP_INDEX_URL")
	})
}

package bundle

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCheck_fails_without_installing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, test := range map[string]struct {
		files []string
		want  []string
	}{
		"project without a lock": {[]string{"pyproject.toml", "[project]\ndependencies = [\"flask\"]\n"}, []string{"neither uv.lock nor requirements.txt", "uv lock"}},
		"Poetry":                 {[]string{"pyproject.toml", "[tool.poetry.dependencies]\nflask = \"3\"\n"}, []string{"neither uv.lock nor requirements.txt"}},
		"missing file":           {[]string{"requirements.txt", "-r base.txt\n"}, []string{"base.txt"}},
		"editable":               {[]string{"requirements.txt", "-e .\n"}, []string{`requirements.txt:1 has "-e .", by which uv would build a package`, "pip wheel", "ImageHandler"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, test.files...)
			wantError(t, (&App{Dir: dir, Python: arm64}).Check(), test.want...)
		})
	}
}

func TestApp_has_wheels_of_its_own_directory(t *testing.T) {
	wheels(t)
	for _, line := range []string{"./vendor/tool-1.0-py3-none-any.whl", "vendor/tool-1.0-py3-none-any.whl", "tool @ file://DIR/vendor/tool-1.0-py3-none-any.whl"} {
		dir := t.TempDir()
		write(t, dir, "vendor/README", "", "requirements.txt", strings.ReplaceAll(line, "DIR", dir)+"\n")
		tool("py3-none-any", "own").write(t, filepath.Join(dir, "vendor"))
		app := App{Dir: dir, Python: arm64, Cache: Cache{Dir: t.TempDir()}}
		files := contents(t, mustBundle(t, app))
		if files["tool/native.so"] == "" {
			t.Errorf("%s: got files %v, want the package", line, files)
		}
		for _, name := range []string{"direct_url.json", "uv_cache.json"} {
			if got := files["tool-1.0.dist-info/"+name]; got != "" {
				t.Errorf("%s: got %s %s, which depends on this machine", line, name, got)
			}
		}
		if kept, _ := os.ReadDir(app.Cache.Dir); len(kept) > 0 {
			t.Errorf("%s: got %v in the cache, want nothing: the file may change", line, kept)
		}
	}
}

func TestApp_has_the_packages_of_files_that_Windows_wrote(t *testing.T) {
	wheels(t, tool("py3-none-any", "native"))
	for name, text := range map[string]string{
		"UTF-8":         "\xef\xbb\xbftool==1.0\r\n",
		"little endian": "\xff\xfet\x00o\x00o\x00l\x00=\x00=\x001\x00.\x000\x00\r\x00\n\x00",
		"big endian":    "\xfe\xff\x00t\x00o\x00o\x00l\x00=\x00=\x001\x00.\x000\x00\r\x00\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "requirements.txt", text)
			app := App{Dir: dir, Python: arm64}
			if files := contents(t, mustBundle(t, app)); files["tool/native.so"] == "" {
				t.Errorf("got files %v, want the package", files)
			}
			if got := app.Warnings(); len(got) > 0 {
				t.Errorf("got warnings %v, want none", got)
			}
		})
	}
}

func TestCheck_fails_for_lines_by_which_uv_builds(t *testing.T) {
	for line, number := range map[string]string{
		"--no-binary tool":                  "1",
		"--no-binary=:all:":                 "1",
		"tool==1.0\n  --no-binary tool":     "2",
		"# a comment \\\n--no-binary tool":  "2",
		"tool==1.0\r--no-binary tool":       "2",
		"--editable ./lib":                  "1",
		"-e ./tool-1.0-py3-none-any.whl":    "1",
		"tool==1.0 \\\r\n --no-binary tool": "2",
	} {
		dir := t.TempDir()
		write(t, dir, "requirements.txt", "# app\nother==1.0\n-r more/own.txt # the rest\n", "more/own.txt", line+"\n")
		wantError(t, (&App{Dir: dir, Python: arm64}).Check(), filepath.Join(dir, "more", "own.txt")+":"+number+" has", "remove the line")
	}
}

func TestApp_fails_with_what_uv_says_of_a_line(t *testing.T) {
	wheels(t, tool("py3-none-any", "native"))
	for line, want := range map[string]string{
		"tool @ git+file:///nowhere/tool.git":                "nowhere",
		"https://127.0.0.1:1/tool-1.0.tar.gz":                "tool-1.0.tar.gz",
		"./lib":                                              "Building source distributions is disabled",
		"-r http://127.0.0.1:1/base.txt":                     "base.txt",
		"tool==1.0 --no-binary tool":                         "--no-binary",
		"tool==1.0 --config-settings=a=b":                    "--config-settings",
		"tool==1.0\n--global-option x":                       "requirements.txt:2:1",
		"tool==1.0 --hash=sha256:" + strings.Repeat("0", 64): "ash mismatch",
	} {
		dir := t.TempDir()
		write(t, dir, "requirements.txt", line+"\n", "lib/setup.py", "raise SystemExit('it ran')\n")
		t.Setenv("UV_HTTP_RETRIES", "0")
		_, err := bundled(t, App{Dir: dir, Python: arm64})
		wantError(t, err, "uv couldn't install requirements.txt of "+dir, want)
		if strings.Contains(err.Error(), "it ran") {
			t.Errorf("%s: a package was built: %v", line, err)
		}
	}
}

func TestApp_without_dependencies_installs_nothing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, files := range map[string][]string{
		"none":                 {"app.py", ""},
		"no requirements":      {"requirements.txt", "# none yet\n"},
		"settings of tools":    {"pyproject.toml", "[tool.ruff]\nline-length = 100\n"},
		"no packages of npm":   {"package.json", `{"name": "app", "devDependencies": {"mocha": "1"}}`},
		"no package.json":      {"server.js", ""},
		"package.json, Python": {"app.py", "", "package.json", `{"dependencies": {"express": "5"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, files...)
			app := App{Dir: dir, Python: arm64}
			if slices.Contains([]string{"no packages of npm", "no package.json"}, name) {
				app.Python, app.Node = nil, &Node{OS: "linux", CPU: "arm64"}
			}
			if got := contents(t, mustBundle(t, app)); len(got) != len(files)/2 {
				t.Errorf("got files %v, want those of the app", got)
			}
		})
	}
}

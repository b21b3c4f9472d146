package bundle

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWarnings_name_packages_without_a_version(t *testing.T) {
	for name, test := range map[string]struct {
		files []string
		want  string
	}{
		"all pinned":  {[]string{"requirements.txt", "Flask==3.1.0\n# flask\ntool @ https://example.com/tool-1.0-py3-none-any.whl\n"}, ""},
		"with hashes": {[]string{"requirements.txt", "flask==3.1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"}, ""},
		"some not": {[]string{"requirements.txt", "flask\nhttpx>=0.27 # for tests\nuvicorn[standard]==0.30 ; python_version > '3'\nboto3==1.*\n"},
			"no version of boto3, flask, httpx, so"},
		"in another file": {[]string{"requirements.txt", "-r more/base.txt # the rest\n", "more/base.txt", "-r own.txt\n", "more/own.txt", "Py_Tool\n"}, "no version of py-tool, so"},
		"by constraints":  {[]string{"requirements.txt", "-c pins.txt\nflask\n", "pins.txt", "flask==3.1.0\nwerkzeug==3.1.0\n"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, test.files...)
			got := strings.Join((&App{Dir: dir, Python: arm64}).Warnings(), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got warnings %q, want %q", got, test.want)
			}
		})
	}
}

func TestWarnings_name_what_packages_require_after_they_are_installed(t *testing.T) {
	wheels(t,
		wheel{name: "app", version: "1.0", tag: "py3-none-any", requires: []string{"Requires-Dist: some_tool"}},
		wheel{name: "some_tool", version: "1.0", tag: "py3-none-any"},
	)
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "app==1.0\n")
	app := App{Dir: dir, Python: arm64}
	if got := app.Warnings(); len(got) > 0 {
		t.Errorf("got warnings %v before, want none", got)
	}
	if err := app.Write(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if got := app.Warnings(); len(got) != 1 || !strings.Contains(got[0], "no version of some-tool, so") {
		t.Errorf("got warnings %v after, want one about some-tool", got)
	}
}

func TestCheck_fails_without_installing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, test := range map[string]struct {
		files []string
		want  []string
	}{
		"project without a lock": {[]string{"pyproject.toml", "[project]\ndependencies = [\"flask\"]\n"}, []string{"neither uv.lock nor requirements.txt", "uv lock"}},
		"Poetry":                 {[]string{"pyproject.toml", "[tool.poetry.dependencies]\nflask = \"3\"\n"}, []string{"neither uv.lock nor requirements.txt"}},
		"missing file":           {[]string{"requirements.txt", "-r base.txt\n"}, []string{"base.txt"}},
		"repository":             {[]string{"requirements.txt", "tool @ git+https://example.com/tool@1.0\n"}, []string{"git+https://example.com/tool@1.0", "neither a version of a package nor a wheel", "ImageHandler"}},
		"ftp":                    {[]string{"requirements.txt", "other @ ftp://example.com/o-1-py3-none-any.whl\n"}, []string{"neither a version of a package nor a wheel"}},
		"repository, no name":    {[]string{"requirements.txt", "git+https://example.com/tool\n"}, []string{"neither a version of a package nor a wheel"}},
		"archive":                {[]string{"requirements.txt", "https://example.com/tool-1.0.tar.gz#sha256=00\n"}, []string{"neither a version of a package nor a wheel"}},
		"directory":              {[]string{"requirements.txt", "./lib\n"}, []string{`requirements.txt:1 has "./lib", which is neither a version of a package nor a wheel`, "pip wheel"}},
		"editable":               {[]string{"requirements.txt", "-e .\n"}, []string{`"-e .", which is neither a version of a package nor a wheel`}},
		"Latin 1":                {[]string{"requirements.txt", "# caf\xe9\ntool @ caf\xe9.whl\n"}, []string{"requirements.txt:2 has", "isn't UTF-8", "save the file as UTF-8"}},
		"circle":                 {[]string{"requirements.txt", "-r requirements.txt\n"}, []string{"refers to itself"}},
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
		"Latin 1":       "# -*- coding: latin-1 -*-\n# caf\xe9\ntool==1.0\n",
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

func TestCheck_fails_for_lines_that_change_what_is_installed(t *testing.T) {
	t.Setenv("OPTION", "--no-binary")
	t.Setenv("PASSWORD", "secret")
	for line, want := range map[string]string{
		"--no-binary tool":                            "run code of packages: remove the line",
		"--no-binary=:all:":                           "remove the line",
		"--no-bin :all:":                              "remove the line",
		"--pre":                                       "remove the line",
		"--trusted-host example.com":                  "remove the line",
		"--require-hashes --no-binary=:all:":          "one option a line",
		"--no-index --no-binary tool":                 "one option a line",
		"--require-hashes=x":                          "remove the line",
		"-i https://u:${PASSWORD}@a/ --pre":           "one option a line",
		"-r https://example.com/base.txt":             "isn't a file of this machine: download it",
		"-c https://example.com/pins.txt":             "isn't a file of this machine: download it",
		"tool==1.0 --no-binary tool":                  "option isn't --hash",
		"tool==1.0 --hash=sha256:00 --no-binary=tool": "option isn't --hash",
		"tool==1.0 --config-settings=a=b":             "option isn't --hash",
		"tool==1.0 ${OPTION} tool":                    "option isn't --hash",
		"${OPTION} tool":                              "remove the line",
		"tool==1.0 \\\n  --no-binary tool":            "option isn't --hash",
		"# a comment \\\n--no-binary tool":            "remove the line",
		"tool==1.0\v--no-binary tool":                 "isn't printed",
		"tool==1.0\u2028--no-binary tool":             "isn't printed",
		"tool==1.0\r--no-binary tool":                 "isn't printed",
		"\"tool==1.0\"":                               "write name==version",
		"tool-1.0.tar.gz":                             "neither a version of a package nor a wheel",
		"tool @ git+https://example.com/a.whl":        "neither a version of a package nor a wheel",
		"-e ./tool-1.0-py3-none-any.whl":              "neither a version of a package nor a wheel",
	} {
		dir := t.TempDir()
		write(t, dir, "requirements.txt", "# app\nother==1.0\n-r more.txt\n", "more.txt", line+"\n")
		err := (&App{Dir: dir, Python: arm64}).Check()
		wantError(t, err, filepath.Join(dir, "more.txt")+":", want)
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %q, which has a password", line, err)
		}
	}
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "# app\n\nother==1.0 \\\n  --hash=sha256:00\n--no-binary tool\n")
	wantError(t, (&App{Dir: dir, Python: arm64}).Check(), `requirements.txt:5 has "--no-binary tool"`)
}

func TestRequirements_are_those_that_were_read(t *testing.T) {
	t.Setenv("PASSWORD", "secret")
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "-i https://u:${PASSWORD}@a/ # ours\n--extra-index-url=https://b/\n-fwheels\n-r more/base.txt\n--prefer-binary\n--only-binary :all:\n--no-index\n",
		"more/base.txt", "Tool[x, y] ~= 1.0 ; python_version > '3'\n-cpins.txt\nother \\\n  @ vendor/other-1-py3-none-any.whl#sha256=00\n-f links\n", "more/links/README", "", "more/pins.txt", "-r pinned.txt\n", "more/pinned.txt", "Dep_A==1\n")
	r := newRequirements(arm64, dir, requirementsFile)
	if err := r.read(filepath.Join(dir, requirementsFile), false, 0); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"-i https://u:secret@a/", "--extra-index-url https://b/", "-f " + filepath.Join(dir, "wheels"),
		"Tool[x, y] ~= 1.0 ; python_version > '3'", "other   @ vendor/other-1-py3-none-any.whl#sha256=00",
		"-f " + filepath.Join(dir, "more", "links"), "--no-index",
	}
	if diff := cmp.Diff(want, r.lines); diff != "" {
		t.Errorf("got other lines (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Dep_A==1"}, r.constraints); diff != "" {
		t.Errorf("got other constraints (-want +got):\n%s", diff)
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

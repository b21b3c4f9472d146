package code_test

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

var lambda = code.Machine{Architecture: "arm64"}

// write makes the code of an app in Node.js, and returns the names of its files.
func write(t *testing.T, app code.App) ([]string, error) {
	t.Helper()
	runtime, err := code.AppRuntime("WebAppHandler", app.Dir, "nodejs24.x")
	wantError(t, err)
	start, err := code.NewStart(app.Dir, "node server.js", runtime)
	wantError(t, err)
	app.Runtime, app.Script, app.Files = runtime, start.Script, []string{start.Handler, "server.js"}
	wantError(t, app.Prepare())
	output := filepath.Join(t.TempDir(), "output")
	if err := os.Mkdir(output, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := app.Write(output); err != nil {
		return nil, err
	}
	return filesOf(t, output), nil
}

// filesOf returns the names of the files below a directory, sorted.
func filesOf(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	wantError(t, err)
	slices.Sort(files)
	return files
}

func TestApp_leaves_out_what_is_no_part_of_it(t *testing.T) {
	var files []string
	for _, name := range []string{
		"server.js", "lib/util.js", ".git/config", ".venv/bin/python", "lib/__pycache__/a.pyc", ".env", "docs/a.md", "docs/keep.md", "notes.txt",
		"node_modules/kept/index.js", "cdk.out/manifest.json",
	} {
		files = append(files, name, name)
	}
	dir := directoryOf(t, files...)
	for name, test := range map[string]struct {
		exclude []string
		want    []string
	}{
		"by default": {nil, []string{"cloudfurl-start.sh", "docs/a.md", "docs/keep.md", "lib/util.js", "node_modules/kept/index.js", "notes.txt", "server.js"}},
		"as in .gitignore": {[]string{"/docs/*", "!/docs/keep.md", "*.txt", "!.env"},
			[]string{".env", "cloudfurl-start.sh", "docs/keep.md", "lib/util.js", "node_modules/kept/index.js", "server.js"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := write(t, code.App{Dir: dir, Machine: lambda, Exclude: test.exclude})
			wantError(t, err)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

func TestApp_says_what_to_do_about_a_broken_link(t *testing.T) {
	dir := directoryOf(t, "server.js", "")
	if err := os.Symlink("nowhere", filepath.Join(dir, "broken")); err != nil {
		t.Skipf("needs symbolic links: %v", err)
	}
	_, err := write(t, code.App{Dir: dir, Machine: lambda})
	wantError(t, err, filepath.Join(dir, "broken"), "link that leads nowhere", "name it in Exclude")
	files, err := write(t, code.App{Dir: dir, Machine: lambda, Exclude: []string{"broken"}})
	wantError(t, err)
	if len(files) != 2 {
		t.Errorf("got files %v, want server.js and the script", files)
	}
}

func TestApp_has_what_Lambda_starts(t *testing.T) {
	runtime, err := code.PythonRuntime("PythonHandler", "")
	wantError(t, err)
	app := code.App{
		Dir: directoryOf(t, "app.py", "", "notes.txt", ""), Runtime: runtime, Machine: lambda, Files: []string{"app.py", "app/__init__.py"}, Exclude: []string{"*.py"},
	}
	wantError(t, app.Prepare())
	wantError(t, app.Write(t.TempDir()), "has no app.py, which Lambda starts: correct Exclude")
}

// program is the beginning of a library for a CPU.
func program(cpu elf.Machine) string {
	header := make([]byte, 64)
	copy(header, elf.ELFMAG)
	header[elf.EI_CLASS], header[elf.EI_DATA], header[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)
	binary.LittleEndian.PutUint16(header[16:], uint16(elf.ET_DYN))
	binary.LittleEndian.PutUint16(header[18:], uint16(cpu))
	binary.LittleEndian.PutUint32(header[20:], uint32(elf.EV_CURRENT))
	return string(header)
}

func TestApp_fails_for_programs_for_another_CPU(t *testing.T) {
	const sharp = "node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node"
	dir := directoryOf(t, "server.js", "", sharp, program(elf.EM_X86_64))
	_, err := write(t, code.App{Dir: dir, Machine: lambda})
	wantError(t, err, "has programs for x86_64, and the function's CPU is arm64: "+sharp+". Install them for Linux on arm64", `"!/`+sharp+`"`)
	for _, machine := range []code.Machine{{Architecture: "x86_64"}, {Architecture: "arm64", GOARCH: "amd64"}} {
		_, err := write(t, code.App{Dir: dir, Machine: machine})
		wantError(t, err)
	}
}

func TestApp_fails_before_it_installs(t *testing.T) {
	for name, test := range map[string]struct {
		files   []string
		machine code.Machine
		want    string
	}{
		"unlocked":  {[]string{"pyproject.toml", "[project]\ndependencies = [\"flask\"]\n"}, lambda, "neither uv.lock nor requirements.txt"},
		"no Python": {nil, code.Machine{Architecture: "arm64", GOOS: "darwin"}, "got the context key cloudfurl:goos darwin and no cloudfurl:python"},
	} {
		t.Run(name, func(t *testing.T) {
			runtime, err := code.PythonRuntime("PythonHandler", "")
			wantError(t, err)
			app := code.App{Dir: directoryOf(t, test.files...), Runtime: runtime, Machine: test.machine}
			wantError(t, app.Prepare(), test.want)
		})
	}
}

func TestApp_has_another_key_if_another_code_would_be_made(t *testing.T) {
	node, err := code.AppRuntime("WebAppHandler", "", "nodejs24.x")
	wantError(t, err)
	dir := directoryOf(t, "server.js", "")
	keys := map[string]bool{}
	for _, app := range []code.App{
		{Machine: lambda},
		{Machine: code.Machine{Architecture: "x86_64"}},
		{Machine: code.Machine{Architecture: "arm64", GOOS: "darwin"}},
		{Machine: lambda, Exclude: []string{"a"}},
	} {
		app.Dir, app.Runtime = dir, node
		wantError(t, app.Prepare())
		keys[fmt.Sprint(app.Key())] = true
	}
	if len(keys) != 4 {
		t.Errorf("got %d keys for 4 apps: %v", len(keys), keys)
	}
}

func TestMachine_has_an_architecture_of_Lambda(t *testing.T) {
	wantError(t, code.Machine{Architecture: "riscv64", GOARCH: "amd64"}.Check(), "got architecture riscv64: use one of arm64, x86_64")
	wantError(t, lambda.Check())
}

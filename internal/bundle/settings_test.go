package bundle

import (
	"path/filepath"
	"testing"
)

func TestKey_differs_by_what_uv_reads(t *testing.T) {
	wheels(t)
	home, above, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	dir := filepath.Join(above, "app")
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	write(t, dir, "requirements.txt", "tool==1.0\n-c pins.txt\n-r more/own.txt\n", "pins.txt", "other==1.0\n", "more/own.txt", "another==1.0\n")

	keys := map[string]string{}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"nothing", func() {}},
		{"variable", func() { t.Setenv("UV_INDEX", "https://example.com/simple") }},
		{"variable of pip", func() { t.Setenv("PIP_EXTRA_INDEX_URL", "https://example.com/simple") }},
		{"user's file", func() { write(t, home, ".config/uv/uv.toml", "prerelease = \"allow\"\n") }},
		{"file of a variable", func() {
			write(t, elsewhere, "uv.toml", "prerelease = \"disallow\"\n")
			t.Setenv("UV_CONFIG_FILE", filepath.Join(elsewhere, "uv.toml"))
		}},
		{"app's file", func() { write(t, dir, "uv.toml", "resolution = \"lowest\"\n") }},
		{"project", func() { write(t, above, "pyproject.toml", "[tool.uv]\nresolution = \"lowest\"\n") }},
		{"constraints", func() { write(t, dir, "pins.txt", "other==1.1\n") }},
		{"another file", func() { write(t, dir, "more/own.txt", "another==1.1\n") }},
	} {
		step.do()
		key := keyOf(t, dir)
		if before, ok := keys[key]; ok {
			t.Errorf("after the change %q, the key is that after %q", step.name, before)
		}
		keys[key] = step.name
	}
	write(t, dir, "app.py", "")
	if name := keys[keyOf(t, dir)]; name != "another file" {
		t.Errorf("got another key after a change of what uv doesn't read")
	}
	for name, python := range map[string]*Python{"x86_64": {Version: "3.13", Architecture: "x86_64"}, "3.12": {Version: "3.12", Architecture: "arm64"}, "native": {Version: "3.13", Native: true}} {
		if before, ok := keys[keyFor(t, dir, python)]; ok {
			t.Errorf("for %s, the key is that after %q", name, before)
		}
	}
}

func TestPackages_of_files_that_may_change_are_not_kept(t *testing.T) {
	wheels(t)
	for name, do := range map[string]func(t *testing.T, dir string){
		"find-links":           func(t *testing.T, dir string) { write(t, dir, "requirements.txt", "--find-links wheels\ntool==1.0\n") },
		"variable":             func(t *testing.T, _ string) { t.Setenv("UV_FIND_LINKS", "/wheels") },
		"variable of pip":      func(t *testing.T, _ string) { t.Setenv("PIP_FIND_LINKS", "/wheels") },
		"constraints":          func(t *testing.T, _ string) { t.Setenv("UV_CONSTRAINT", "/pins.txt") },
		"find-links of a file": func(t *testing.T, dir string) { write(t, dir, "uv.toml", "find-links = [\"wheels\"]\n") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "requirements.txt", "tool==1.0\n")
			do(t, dir)
			d, err := arm64.dependencies(dir)
			if err != nil {
				t.Fatal(err)
			}
			if key, err := d.key(); err != nil || key != "" {
				t.Errorf("got key %q (%v), want none", key, err)
			}
		})
	}
}

func TestApp_fails_for_settings_by_which_uv_builds(t *testing.T) {
	wheels(t)
	for _, name := range []string{"uv.toml", "pyproject.toml"} {
		dir := t.TempDir()
		for _, lines := range []string{"tool==1.0\n", "--find-links wheels\ntool==1.0\n"} {
			write(t, dir, "requirements.txt", lines, name, "[project]\n[tool.uv]\nno-binary-package = [\"tool\"]\n")
			_, err := bundled(t, App{Dir: dir, Python: arm64})
			wantError(t, err, filepath.Join(dir, name)+" sets no-binary", "build packages for this machine", "UV_NO_CONFIG=1")
		}
	}
}

func TestKey_differs_by_what_npm_reads(t *testing.T) {
	home, dir := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	write(t, dir, "package.json", `{"dependencies": {"tool": "1"}}`, "package-lock.json", `{"lockfileVersion": 3}`)
	keys := map[string]string{}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"nothing", func() {}},
		{"variable", func() { t.Setenv("NPM_CONFIG_INSTALL_STRATEGY", "nested") }},
		{"user's file", func() { write(t, home, ".npmrc", "bin-links=false\n") }},
		{"app's file", func() { write(t, dir, ".npmrc", "bin-links=true\n") }},
	} {
		step.do()
		key := keyOf(t, dir)
		if before, ok := keys[key]; ok {
			t.Errorf("after the change %q, the key is that after %q", step.name, before)
		}
		keys[key] = step.name
	}
}

// keyOf returns the key of the packages of an app.
func keyOf(t *testing.T, dir string) string {
	t.Helper()
	return keyFor(t, dir, arm64)
}

func keyFor(t *testing.T, dir string, python *Python) string {
	t.Helper()
	app := App{Dir: dir, Python: python}
	if exists(dir, packageFile) {
		app.Python, app.Node = nil, &Node{OS: "linux", CPU: "arm64"}
	}
	d, err := app.dependencies()
	if err != nil {
		t.Fatal(err)
	}
	key, err := d.key()
	if err != nil || key == "" {
		t.Fatalf("got key %q (%v), want one", key, err)
	}
	return key
}

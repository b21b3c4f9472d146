package bundle

import (
	"path/filepath"
	"testing"
)

func TestKey_differs_by_what_pip_reads(t *testing.T) {
	home, dir, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	write(t, dir, "requirements.txt", "tool==1.0\n--find-links wheels\n-r more/own.txt\n", "wheels/tool.whl", "1", "more/own.txt", "-f ../other\n", "other/README", "")
	config, constraints := filepath.Join(elsewhere, "pip.conf"), filepath.Join(elsewhere, "constraints.txt")
	write(t, elsewhere, "constraints.txt", "tool<2\n")

	keys := map[string]string{}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"nothing", func() {}},
		{"variable", func() { t.Setenv("PIP_EXTRA_INDEX_URL", "https://example.com/simple") }},
		{"user's file", func() { write(t, home, ".config/pip/pip.conf", "[global]\nno-binary = tool\n") }},
		{"file of a variable", func() { write(t, elsewhere, "pip.conf", "[install]\n"); t.Setenv("PIP_CONFIG_FILE", config) }},
		{"setting in a file", func() { write(t, elsewhere, "pip.conf", "[install]\nconstraint="+constraints+"\n") }},
		{"constraints", func() { write(t, elsewhere, "constraints.txt", "tool<1.5\n") }},
		{"wheel in find-links", func() { write(t, dir, "wheels/tool.whl", "12") }},
		{"find-links of another file", func() { write(t, dir, "other/tool.whl", "") }},
		{"virtual environment", func() {
			write(t, elsewhere, "venv/pip.conf", "[global]\npre = true\n")
			t.Setenv("VIRTUAL_ENV", filepath.Join(elsewhere, "venv"))
		}},
	} {
		step.do()
		key := keyOf(t, dir)
		if before, ok := keys[key]; ok {
			t.Errorf("after the change %q, the key is that after %q", step.name, before)
		}
		keys[key] = step.name
	}
	write(t, dir, "app.py", "")
	if name := keys[keyOf(t, dir)]; name != "virtual environment" {
		t.Errorf("got another key after a change of what pip doesn't read")
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
	app := App{Dir: dir, Python: arm64}
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

package bundle

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// uvApp writes a project whose lock has the wheel tool, with its hash, and a tool for
// development that there is no wheel of.
func uvApp(t *testing.T) string {
	t.Helper()
	wheels(t, tool("cp313-cp313-manylinux_2_17_aarch64", "native"))
	found, err := filepath.Glob(filepath.Join(os.Getenv("PIP_FIND_LINKS"), "*.whl"))
	if err != nil || len(found) != 1 {
		t.Fatalf("got wheels %v (%v), want one", found, err)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, "app.py", "import tool\n",
		"pyproject.toml", "[project]\nname = \"app\"\nversion = \"0\"\nrequires-python = \">=3.9\"\ndependencies = [\"tool\"]\n\n[dependency-groups]\ndev = [\"linter\"]\n",
		"uv.lock", fmt.Sprintf(`version = 1
requires-python = ">=3.9"

[[package]]
name = "app"
version = "0"
source = { virtual = "." }
dependencies = [{ name = "tool" }]

[package.dev-dependencies]
dev = [{ name = "linter" }]

[package.metadata]
requires-dist = [{ name = "tool" }]

[package.metadata.requires-dev]
dev = [{ name = "linter" }]

[[package]]
name = "linter"
version = "1.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "tool"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.pythonhosted.org/packages/%s", hash = "sha256:%x", size = %d }]
`, filepath.Base(found[0]), sha256.Sum256(data), len(data)))
	return dir
}

func TestApp_has_the_packages_that_uv_locked(t *testing.T) {
	needs(t, "uv", "--version")
	needs(t, "python3", "-m", "pip", "--version")
	app := App{Dir: uvApp(t), Python: arm64}
	files := contents(t, mustBundle(t, app))
	if files["tool/native.so"] != "-r--r--r-- native" || files["app.py"] == "" {
		t.Errorf("got files %v, want the app and its package", files)
	}
	if got := app.Warnings(); len(got) > 0 {
		t.Errorf("got warnings %v, want none: all packages are locked", got)
	}
}

func TestApp_says_how_to_get_uv(t *testing.T) {
	dir := uvApp(t)
	t.Setenv("PATH", t.TempDir())
	_, err := bundled(t, App{Dir: dir, Python: arm64})
	wantError(t, err, "needs uv, which is not in PATH", "python3 -m pip install uv", "requirements.txt")
}

func TestApp_fails_with_the_output_of_uv(t *testing.T) {
	needs(t, "uv", "--version")
	dir := uvApp(t)
	write(t, dir, "uv.lock", "version = \n")
	_, err := bundled(t, App{Dir: dir, Python: arm64})
	wantError(t, err, "uv couldn't export uv.lock of "+dir, "parse")
}

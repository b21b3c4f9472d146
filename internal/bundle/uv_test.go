package bundle

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// uvApp writes a project whose lock has the wheel tool, with its hash, and a tool for
// development that there is no wheel of.
func uvApp(t *testing.T) string {
	t.Helper()
	const name = "tool-1.0-cp313-cp313-manylinux_2_17_aarch64.whl"
	packages, index := wheels(t, tool("cp313-cp313-manylinux_2_17_aarch64", "native"))
	data, err := os.ReadFile(filepath.Join(packages, name))
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
source = { registry = "%s" }
wheels = [{ url = "%s/../files/%s", hash = "%s", size = %d }]
`, index, index, name, sha256Of(data), len(data)))
	return dir
}

func sha256Of(data []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(data)) }

func TestApp_has_the_packages_that_uv_locked(t *testing.T) {
	app := App{Dir: uvApp(t), Python: arm64}
	files := contents(t, mustBundle(t, app))
	if files["tool/native.so"] != "-r--r--r-- native" || files["app.py"] == "" {
		t.Errorf("got files %v, want the app and its package", files)
	}
	if got := app.Warnings(); len(got) > 0 {
		t.Errorf("got warnings %v, want none: all packages are locked", got)
	}
}

func TestApp_of_a_lock_without_packages_has_none(t *testing.T) {
	dir := uvApp(t)
	write(t, dir, "pyproject.toml", "[project]\nname = \"app\"\nversion = \"0\"\nrequires-python = \">=3.9\"\n",
		"uv.lock", "version = 1\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"app\"\nversion = \"0\"\nsource = { virtual = \".\" }\n")
	if files := contents(t, mustBundle(t, App{Dir: dir, Python: arm64})); len(files) != 3 {
		t.Errorf("got files %v, want the app's", files)
	}
}

func TestApp_says_how_to_get_uv(t *testing.T) {
	dir := uvApp(t)
	withoutUV(t)
	_, err := bundled(t, App{Dir: dir, Python: arm64})
	wantError(t, err, "installing uv.lock of "+dir+" needs uv", "https://docs.astral.sh/uv")
}

func TestApp_fails_for_packages_that_were_locked_with_other_contents(t *testing.T) {
	dir := uvApp(t)
	lock, err := os.ReadFile(filepath.Join(dir, "uv.lock"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "uv.lock", regexp.MustCompile(`sha256:\w+`).ReplaceAllString(string(lock), sha256Of(nil)))
	_, err = bundled(t, App{Dir: dir, Python: arm64})
	wantError(t, err, "uv couldn't install uv.lock of "+dir, "Hash mismatch")
}

func TestUV_has_the_version_that_tools_name(t *testing.T) {
	pinned, err := os.ReadFile("../../tools/uv.txt")
	if err != nil {
		t.Fatal(err)
	}
	if string(pinned) != "uv=="+uvVersion+"\n" {
		t.Errorf("tools/uv.txt has %q, and the tests have to run the version that is installed on machines without uv, %s", pinned, uvVersion)
	}
}

func TestApp_fails_with_the_output_of_uv(t *testing.T) {
	dir := uvApp(t)
	write(t, dir, "uv.lock", "version = \n")
	_, err := bundled(t, App{Dir: dir, Python: arm64})
	wantError(t, err, "uv couldn't export uv.lock of "+dir, "parse")
}

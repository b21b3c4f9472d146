package bundle

import (
	"debug/elf"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The tests that ask the real indexes, one for each tool, and skip if these don't
// answer.

// unreachable matches what uv, pip and npm say of an index that doesn't answer.
//
// Seen: uv 0.13.9, pip 22.0 to 26.3, npm 11.19.
var unreachable = regexp.MustCompile(`client error \(Connect\)|dns error|error decoding response body|operation timed out|NewConnectionError|ConnectTimeoutError|NameResolutionError|ProxyError|` +
	`ReadTimeoutError|IncompleteRead|RemoteDisconnected|Max retries exceeded|Connection (refused|reset)|No route to host|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT`)

func skipUnreachable(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if unreachable.MatchString(err.Error()) {
		t.Skip(err)
	}
	t.Fatal(err)
}

func TestUV_installs_native_code_for_its_architecture(t *testing.T) {
	needsUV(t)
	for architecture, want := range map[string]elf.Machine{"arm64": elf.EM_AARCH64, "x86_64": elf.EM_X86_64} {
		dir := t.TempDir()
		write(t, dir, "requirements.txt", "markupsafe==3.0.2\n")
		output, err := bundled(t, App{Dir: dir, Python: &Python{Version: "3.13", Architecture: architecture}, CPUs: []string{architecture}})
		skipUnreachable(t, err)
		found, err := filepath.Glob(filepath.Join(output, "markupsafe", "_speedups*.so"))
		if err != nil || len(found) != 1 {
			t.Fatalf("got libraries %v (%v), want one", found, err)
		}
		library, err := elf.Open(found[0])
		if err != nil {
			t.Fatal(err)
		}
		defer library.Close()
		if library.Machine != want {
			t.Errorf("got code for %v, want %v", library.Machine, want)
		}
	}
}

func TestPip_installs_the_pinned_uv(t *testing.T) {
	needs(t, "python3", "-m", "pip", "--version")
	dir := t.TempDir()
	skipUnreachable(t, pinnedUV{}.install(dir))
	printed, err := exec.Command(filepath.Join(dir, "bin", "uv"), "--version").Output()
	if err != nil || !strings.HasPrefix(string(printed), "uv "+uvVersion) {
		t.Errorf("got %q (%v), want version %s", printed, err, uvVersion)
	}
}

func TestNpm_installs_from_the_registry(t *testing.T) {
	needs(t, "npm", "--version")
	dir := t.TempDir()
	write(t, dir, "package.json", `{"dependencies": {"ms": "2.1.3"}}`, "package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"ms": "2.1.3"}},
		"node_modules/ms": {"version": "2.1.3", "integrity": "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA=="}}}`)
	output, err := bundled(t, App{Dir: dir, Node: &Node{"linux", "arm64"}})
	skipUnreachable(t, err)
	if !exists(output, filepath.Join("node_modules", "ms", "index.js")) {
		t.Error("got none of the package's files")
	}
}

// sourceOf writes a package that is published as source only, which writes a file when
// it is built.
func sourceOf(t *testing.T, dir, name string) (built string) {
	t.Helper()
	built = filepath.Join(t.TempDir(), "built")
	source := t.TempDir()
	root := name + "-1.0"
	write(t, filepath.Join(source, root), "PKG-INFO", "Metadata-Version: 2.1\nName: "+name+"\nVersion: 1.0\n",
		"pyproject.toml", "[build-system]\nrequires = []\nbuild-backend = \"build\"\nbackend-path = [\".\"]\n", "build.py", fmt.Sprintf("open(%q, 'w')\n", built))
	if output, err := exec.Command("tar", "-C", source, "-czf", filepath.Join(dir, root+".tar.gz"), root).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return built
}

func TestApp_says_how_to_install_a_package_that_is_published_as_source_only(t *testing.T) {
	packages, _ := wheels(t)
	built := sourceOf(t, packages, "source")
	for range 2 {
		dir := t.TempDir()
		write(t, dir, "requirements.txt", "source==1.0\n")
		_, err := bundled(t, App{Dir: dir, Python: arm64})
		wantError(t, err, "the package index has no wheel", "for Python 3.13 on arm64", "python3 -m pip wheel --no-deps --wheel-dir wheels", "--find-links wheels", "ImageHandler", "source==1.0")
		// Whatever the variables say.
		t.Setenv("UV_NO_BINARY_PACKAGE", "source")
		t.Setenv("UV_NO_BINARY", "1")
	}
	if exists(filepath.Dir(built), filepath.Base(built)) {
		t.Error("the package was built")
	}
	dir := t.TempDir()
	write(t, dir, "wheels/README", "", "requirements.txt", "--find-links wheels\nown==1.0\n")
	wheel{name: "own", version: "1.0", tag: "py3-none-any", files: map[string]string{"own.py": ""}}.write(t, filepath.Join(dir, "wheels"))
	if files := contents(t, mustBundle(t, App{Dir: dir, Python: arm64})); files["own.py"] == "" {
		t.Errorf("got files %v, want the package of the wheel", files)
	}
}

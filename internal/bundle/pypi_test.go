package bundle

import (
	"debug/elf"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fromIndex bundles an app with requirements from the package index, or skips the
// test if that can't be reached.
func fromIndex(t *testing.T, python *Python, requirements string) (string, error) {
	t.Helper()
	needs(t, "python3", "-m", "pip", "--version")
	dir := t.TempDir()
	write(t, dir, "requirements.txt", requirements)
	output, err := bundled(t, App{Dir: dir, Python: python})
	if err != nil && strings.Contains(err.Error(), "couldn't reach the package index") {
		t.Skip("needs the package index of Python")
	}
	return output, err
}

func TestApp_has_native_code_for_its_architecture(t *testing.T) {
	for architecture, want := range map[string]elf.Machine{"arm64": elf.EM_AARCH64, "x86_64": elf.EM_X86_64} {
		output, err := fromIndex(t, &Python{Version: "3.13", Architecture: architecture}, "markupsafe==3.0.2\n")
		if err != nil {
			t.Fatal(err)
		}
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

func TestApp_says_how_to_install_a_package_that_is_published_as_source_only(t *testing.T) {
	_, err := fromIndex(t, arm64, "docopt==0.6.2\n")
	wantError(t, err, "requires docopt==0.6.2, and the package index has no wheel of it for Python 3.13 on arm64, in any version",
		"pip wheel --no-deps --wheel-dir wheels 'docopt==0.6.2'", "--find-links wheels", "ImageHandler")

	dir := t.TempDir()
	write(t, dir, "requirements.txt", "--find-links wheels\ndocopt==0.6.2\n")
	build := exec.Command("python3", "-m", "pip", "wheel", "--no-deps", "--wheel-dir", "wheels", "docopt==0.6.2")
	build.Dir = dir
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if files := contents(t, mustBundle(t, App{Dir: dir, Python: arm64})); files["docopt.py"] == "" {
		t.Errorf("got files %v, want the package of the wheel", files)
	}
}

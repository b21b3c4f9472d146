package templatefile

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

const codeTemplate = `
Parameters:
  Language: {Type: String}
Resources:
  App:
    Type: AWS::Lambda::Function
    Properties: {Runtime: !Ref Language, Code: src}
    Metadata: {BuildMethod: METHOD}
  Layer:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: src}
    Metadata: {BuildMethod: !Ref Language}
  Content:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: src}
`

// code returns the directory of an asset, or why it has none.
func codeOf(t *testing.T, id, language, method string, files map[string]string) (string, error) {
	t.Helper()
	files["template.yaml"] = strings.Replace(codeTemplate, "METHOD", method, 1)
	s, _ := readOne(t, write(t, files), map[string]string{"Language": language})
	asset, err := s.Asset(id)
	return asset.Path, err
}

func TestCode_is_copied_with_its_packages(t *testing.T) {
	if _, _, err := python("python3"); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	files := func() map[string]string {
		return map[string]string{"src/app.py": "", "src/requirements.txt": "# none\n"}
	}
	for id, want := range map[string]string{"App": "app.py", "Layer": "python/app.py", "Content": "app.py"} {
		dir, err := codeOf(t, id, "python3.13", "", files())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, want)); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if made := filepath.Base(dir) != "src"; made != (id != "Content") {
			t.Errorf("%s is %s", id, dir)
		}
	}
}

func TestCode_in_Go_is_compiled(t *testing.T) {
	dir, err := codeOf(t, "App", "provided.al2023", "go1.x", map[string]string{
		"src/go.mod": "module app\n", "src/main.go": "package main\n\nfunc main() { print(\"compiled\") }\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command(filepath.Join(dir, "bootstrap")).CombinedOutput()
	if string(output) != "compiled" || err != nil {
		t.Errorf("got %s, %v", output, err)
	}
	_, err = codeOf(t, "App", "provided.al2023", "", map[string]string{"src/go.mod": "module app\n", "src/main.go": "package main\n\nfunc main() { x }\n"})
	if !errors.Is(err, assembly.ErrUnsupported) || !strings.Contains(err.Error(), "undefined: x") {
		t.Errorf("got %v, want the compiler's error for one part", err)
	}
}

func TestCode_that_needs_sam_build_says_so(t *testing.T) {
	for method, files := range map[string]map[string]string{
		"esbuild":    {"src/app.ts": ""},
		"nodejs24.x": {"src/package.json": `{"dependencies": {"a": "1"}}`},
	} {
		_, err := codeOf(t, "App", "nodejs24.x", method, files)
		if !errors.Is(err, assembly.ErrUnsupported) || !strings.Contains(fault.HintOf(err), "sam build") {
			t.Errorf("%s: got %v (%s)", method, err, fault.HintOf(err))
		}
	}
}

func TestCode_is_as_it_is(t *testing.T) {
	for name, test := range map[string]struct {
		language string
		files    map[string]string
	}{
		"without packages":         {"python3.13", map[string]string{"src/app.py": ""}},
		"with installed packages":  {"nodejs24.x", map[string]string{"src/package.json": `{"dependencies": {"a": "1"}}`, "src/node_modules/a/index.js": ""}},
		"with a bootstrap":         {"provided.al2023", map[string]string{"src/bootstrap": "", "src/go.mod": "module a\n"}},
		"of an unsupported method": {"java25", map[string]string{"src/pom.xml": ""}},
	} {
		if dir, err := codeOf(t, "App", test.language, "", test.files); filepath.Base(dir) != "src" || err != nil {
			t.Errorf("%s: got %s, %v", name, dir, err)
		}
	}
	built := map[string]string{
		".aws-sam/build/template.yaml":       "Resources:\n  A: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Code: A}, Metadata: {BuildMethod: makefile}}",
		".aws-sam/build/A/requirements.txt":  "flask\n",
		".aws-sam/build/A/flask/__init__.py": "",
	}
	s, _ := readOne(t, filepath.Join(write(t, built), ".aws-sam/build"), nil)
	if got, err := s.Asset("A"); filepath.Base(got.Path) != "A" || err != nil {
		t.Errorf("what sam build left: got %+v, %v", got, err)
	}
}

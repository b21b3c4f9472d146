package client

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// tool returns the path of a tool of this directory's package.json.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("node_modules", ".bin", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: there is no %s; make test-go installs it by npm", name)
	}
	return path
}

// strict are flags of tsc for modules of which nothing is written.
var strict = []string{"--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable,dom.asynciterable", "--types", ""}

// Each line of the consumer that has to be an error is one, or tsc fails.
func TestTypes_serve_projects_in_TypeScript(t *testing.T) {
	tsc, project := tool(t, "tsc"), installPackage(t)
	copyFile(t, filepath.Join("testdata", "consumer.ts"), filepath.Join(project, "consumer.ts"))
	for _, resolution := range []string{"bundler", "node16", "nodenext"} {
		module := resolution
		if module == "bundler" {
			module = "esnext"
		}
		if err := localtest.Run(project, nil, tsc, append(strict, "--module", module, "--moduleResolution", resolution, "consumer.ts")...); err != nil {
			t.Errorf("%s: %v", resolution, err)
		}
	}
}

func TestTypes_are_those_of_the_module(t *testing.T) {
	tsc, dir, client := tool(t, "tsc"), t.TempDir(), filepath.Join("..", "..", "client")
	// TypeScript takes cloudfurl.d.mts for cloudfurl.mjs wherever that is imported.
	copyFile(t, filepath.Join(client, "cloudfurl.mjs"), filepath.Join(dir, "implementation.mjs"))
	copyFile(t, filepath.Join(client, "cloudfurl.d.mts"), filepath.Join(dir, "cloudfurl.d.mts"))
	copyFile(t, filepath.Join("testdata", "implementation.mts"), filepath.Join(dir, "implementation.test.mts"))
	flags := append(strict, "--module", "nodenext", "--allowJs", "--checkJs", "--noImplicitAny", "false", "implementation.test.mts")
	if err := localtest.Run(dir, nil, tsc, flags...); err != nil {
		t.Fatal(err)
	}
	for right, wrong := range map[string]string{
		"export const MAX_BODY":         "export const MAX_SIZE",
		"this.status = response.status": "this.state = response.status",
		"{ done: true, value }":         "{ done: 'yes', value }",
		"jsonLines(source, { maxLength": "jsonLines(source, { maxBytes: maxLength",
	} {
		breakModule(t, filepath.Join(dir, "implementation.mjs"), right, wrong, func() {
			if localtest.Run(dir, nil, tsc, flags...) == nil {
				t.Errorf("tsc accepts a module with %q in place of %q", wrong, right)
			}
		})
	}
}

// breakModule calls do while a file has wrong in place of right.
func breakModule(t *testing.T, file, right, wrong string, do func()) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(string(content), right, wrong, 1)
	if broken == string(content) {
		t.Fatalf("the module has no %q", right)
	}
	for _, content := range []string{broken, string(content)} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if content == broken {
			do()
		}
	}
}

func TestPackage_has_no_mistake_that_publint_finds(t *testing.T) {
	publint := tool(t, "publint")
	_, archive := pack(t)
	if err := localtest.Run("", nil, publint, "run", "--strict", archive); err != nil {
		t.Error(err)
	}
}

package test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

const (
	awscdk = "github.com/aws/aws-cdk-go/awscdk/v2"
	jsii   = "github.com/aws/jsii-runtime-go"
)

// requirements returns the versions that a go.mod requires, by module.
func requirements(t *testing.T, path, text string) map[string]string {
	t.Helper()
	parsed, err := modfile.Parse(path, []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, require := range parsed.Require {
		versions[require.Mod.Path] = require.Mod.Version
	}
	return versions
}

func TestModules_require_the_same_CDK(t *testing.T) {
	root := requirements(t, "go.mod", read(t, "../go.mod")["../go.mod"])
	for path, text := range read(t, "../examples/*/go.mod", "../test/*/go.mod") {
		module := requirements(t, path, text)
		for _, name := range []string{awscdk, jsii} {
			if module[name] != root[name] {
				t.Errorf("%s requires %s %s, want %s as the root does", path, name, module[name], root[name])
			}
		}
	}
}

// The version of each tool is stated once; pages, comments and examples repeat it.
func TestDocs_name_the_versions_that_are_pinned(t *testing.T) {
	root := requirements(t, "go.mod", read(t, "../go.mod")["../go.mod"])
	var tools struct{ DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read(t, "../package.json")["../package.json"]), &tools); err != nil {
		t.Fatal(err)
	}
	minor := func(module string) string { return strings.TrimPrefix(semver.MajorMinor(root[module]), "v") }
	for pattern, want := range map[string]string{
		`npx aws-cdk@(\d[\w.-]*)`:                  tools.DevDependencies["aws-cdk"],
		`awsguru/aws-lambda-adapter:(\d[\w.]*)`:    contract.AdapterVersion,
		`awscdk (\d\S*) or later`:                  minor(awscdk),
		`or later with jsii-runtime-go (\d+\.\d+)`: minor(jsii),
	} {
		stated := regexp.MustCompile(pattern)
		found := 0
		for path, page := range read(t, "../README.md", "../docs/*.md", "../infra/*.go", "../examples/*/app/Dockerfile") {
			for _, version := range stated.FindAllStringSubmatch(page, -1) {
				if found++; version[1] != want {
					t.Errorf("%s says %s, want %s", path, version[0], want)
				}
			}
		}
		if found == 0 {
			t.Errorf("nothing matches %s: has a page changed its words?", pattern)
		}
	}
}

// Package test holds what crosses packages, languages or modules. This file
// keeps the walls between the packages.
package test

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/cloudfurl/cloudfurl"

// dependencies returns what the packages that pattern matches import, directly
// or not, without the packages themselves.
func dependencies(t *testing.T, pattern string) []string {
	t.Helper()
	list := func(args ...string) []string {
		command := exec.Command("go", append([]string{"list"}, args...)...)
		command.Dir = ".."
		output, err := command.Output()
		if err != nil {
			t.Fatalf("go list %v: %v", args, err)
		}
		return strings.Fields(string(output))
	}
	themselves := map[string]bool{}
	for _, path := range list(pattern) {
		themselves[path] = true
	}
	var others []string
	for _, path := range list("-deps", pattern) {
		if !themselves[path] {
			others = append(others, path)
		}
	}
	return others
}

func TestWalls_stand(t *testing.T) {
	const cdk = "github.com/aws/aws-cdk-go"
	for _, wall := range []struct {
		packages  string
		forbidden []string
	}{
		{"./functions/...", []string{cdk, module + "/infra", module + "/internal/local", module + "/cmd"}},
		{"./infra", []string{module + "/internal/local", module + "/cmd"}},
		{"./edge", []string{module, cdk}},
		{"./internal/local/...", []string{cdk, module + "/infra", module + "/cmd"}},
		{"./cmd/...", []string{cdk, module + "/infra"}},
	} {
		for _, path := range dependencies(t, wall.packages) {
			for _, forbidden := range wall.forbidden {
				if path == forbidden || strings.HasPrefix(path, forbidden+"/") {
					t.Errorf("%s imports %s, want nothing of %s", wall.packages, path, forbidden)
				}
			}
		}
	}
	if got := dependencies(t, "./internal/contract"); len(got) > 0 {
		t.Errorf("internal/contract imports %v, want nothing", got)
	}
}

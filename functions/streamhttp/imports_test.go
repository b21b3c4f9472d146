package streamhttp

import (
	"os/exec"
	"strings"
	"testing"
)

// One constant of a package that imports awscdk takes a function from 6 MB to
// 36 MB; and a function that knows the local edge could behave for it.
func TestFunctions_import_neither_awscdk_nor_the_local_edge(t *testing.T) {
	output, err := exec.Command("go", "list", "-deps", "../...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, output)
	}
	packages := strings.Fields(string(output))
	for _, path := range packages {
		for _, forbidden := range []string{"aws-cdk-go", "aws/constructs-go", "jsii-runtime-go", "cloudfurl/internal/local", "cloudfurl/infra", "cloudfurl/cmd"} {
			if strings.Contains(path, forbidden) {
				t.Errorf("a package below functions imports %s", path)
			}
		}
	}
	if list := " " + strings.Join(packages, " ") + " "; !strings.Contains(list, "/functions/demo ") || !strings.Contains(list, "/internal/contract ") {
		t.Errorf("go list did not look at the functions:\n%s", list)
	}
}

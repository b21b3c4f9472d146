// Package test holds tests that cross packages, languages or modules. The ones
// in this directory itself check which packages import which.
package test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	module = "github.com/cloudfurl/cloudfurl"
	local  = module + "/internal/local"
)

func TestWalls_stand(t *testing.T) {
	const cdk = "github.com/aws/aws-cdk-go"
	for _, wall := range []struct {
		packages  string
		forbidden []string
	}{
		{"./functions/...", []string{cdk, module + "/infra", local, module + "/cmd"}},
		// awscloudfrontorigins imports API Gateway, Cognito, SageMaker and more:
		// an app takes a quarter longer to compile with it.
		{"./infra/...", []string{local, module + "/cmd", cdk + "/awscdk/v2/awscloudfrontorigins"}},
		// For the same reason, what needs API Gateway or DynamoDB is a package of its own.
		{"./infra", []string{cdk + "/awscdk/v2/awsapigateway", cdk + "/awscdk/v2/awsdynamodb"}},
		// Nor anything for a helper of one line: go/build takes 2 s to compile.
		{"./infra", []string{"go"}},
		// It would take longer to start, and go.sum of those who have it would grow.
		{"./functions/runs", []string{"github.com/aws/aws-sdk-go-v2"}},
		{"./infra/internal/code", []string{cdk, "github.com/aws/jsii-runtime-go", "github.com/aws/constructs-go", module + "/functions"}},
		{"./edge", []string{module, cdk}},
		{"./client", []string{cdk, local, module + "/infra", module + "/functions", module + "/cmd"}},
		{"./internal/local/...", []string{cdk, module + "/infra", module + "/cmd", module + "/internal/deployed", "github.com/aws/aws-sdk-go-v2"}},
		{"./internal/deployed", []string{cdk, module + "/infra", module + "/functions", module + "/cmd"}},
		{"./internal/smoke", []string{cdk, local, module + "/infra", module + "/cmd"}},
		{"./internal/scaffold", []string{cdk, local, module + "/infra", module + "/functions", module + "/cmd"}},
		{"./internal/bundle", []string{cdk, local, module + "/infra", module + "/functions", module + "/cmd"}},
		{"./internal/publish", []string{module, cdk}},
		{"./internal/fault", []string{module, cdk}},
		{"./internal/cloudfrontjs", []string{module, cdk}},
		{"./cmd/...", []string{cdk, module + "/infra"}},
	} {
		for _, path := range dependencies(t, wall.packages) {
			for _, forbidden := range wall.forbidden {
				if path == forbidden || strings.HasPrefix(path, forbidden+"/") {
					t.Errorf("%s imports %s, which the wall against %s forbids", wall.packages, path, forbidden)
				}
			}
		}
	}
	if got := dependencies(t, "./internal/contract"); len(got) > 0 {
		t.Errorf("internal/contract imports %v, want nothing", got)
	}
}

// `make run` compiles the command without the AWS SDK, and the local edge has none at all.
func TestWalls_keep_the_AWS_SDK_out_of_what_make_run_compiles(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	const sdk = "github.com/aws/aws-sdk-go-v2/"
	tags := regexp.MustCompile(`-tags (\S+) .* \./cmd/cloudfurl`).FindSubmatch(makefile)
	if tags == nil || strings.Contains(list(t, "-deps", "-tags", string(tags[1]), "./cmd/cloudfurl"), sdk) {
		t.Errorf("make compiles the command with the tags %q, which link the AWS SDK", tags)
	}
	if !strings.Contains(list(t, "-deps", "./cmd/cloudfurl"), sdk+"service/cloudformation") {
		t.Error("the command lacks the AWS SDK, which check --stack needs")
	}
}

// The middleware for access tokens is a module of its own, so that nobody else gets
// its dependency.
func TestWalls_around_the_module_of_the_middleware_stand(t *testing.T) {
	for modules, forbidden := range map[string]string{list(t, "-C", "functions/oauth", "-deps", "."): module + "/", list(t, "-m", "all"): "go-jose"} {
		for _, path := range strings.Fields(modules) {
			if strings.Contains(path, forbidden) && path != module+"/functions/oauth" {
				t.Errorf("got %s, want nothing with %s", path, forbidden)
			}
		}
	}
}

// The demo's agent needs no SDK without a model of Amazon Bedrock, and the first
// make run shouldn't compile one.
func TestWalls_around_the_AWS_SDK_stand_in_an_agent_without_Bedrock(t *testing.T) {
	for tags, want := range map[string]bool{"": true, "nobedrock": false} {
		if got := strings.Contains(list(t, "-deps", "-tags", tags, "./functions/agent"), "aws-sdk-go-v2"); got != want {
			t.Errorf("with the tags %q: got the SDK %t, want %t", tags, got, want)
		}
	}
}

// rooms are the packages of internal/local in layers, each with the packages of
// internal/local that it may import. A package only imports from layers below
// its own, so no arrow points up.
var rooms = []map[string][]string{
	{ // the leaves
		"adapter":   nil,
		"assembly":  nil,
		"authority": nil,
		"exchange":  nil,
		"guard":     nil,
		"headers":   nil,
		"logtest":   nil,
		"server":    nil,
		"sigv4":     nil,
		"spool":     nil,
		"trace":     nil,
		"wildcard":  nil,
	},
	{ // templates, and one AWS service each
		"template":     {"assembly"},
		"templatefile": {"assembly"},
		"lambda":       {"adapter", "guard", "sigv4", "trace"},
		"watch":        {"guard"},
		"iam":          {"sigv4", "wildcard"},
		"cffunction":   {"headers"},
		"inspector":    {"trace"},
	},
	{ // what functions' callers have in common
		"payload": {"exchange", "headers", "lambda", "spool", "trace"},
	},
	{ // what answers over HTTP
		"bucket":      {"exchange", "iam", "sigv4", "trace", "wildcard"},
		"functionurl": {"exchange", "headers", "iam", "lambda", "payload", "sigv4", "spool", "trace"},
		"restapi":     {"exchange", "headers", "iam", "lambda", "payload", "sigv4", "spool", "trace", "wildcard"},
		"cloudfront":  {"cffunction", "exchange", "headers", "sigv4", "spool", "trace", "wildcard"},
	},
	{ // from templates to servers
		"build": {"assembly", "bucket", "cffunction", "cloudfront", "exchange", "functionurl", "guard", "iam", "lambda", "restapi", "sigv4", "spool", "template", "trace"},
	},
	{ // the whole edge
		"": {"assembly", "build", "templatefile", "trace"},
	},
}

func TestWalls_between_the_rooms_of_internal_local_stand(t *testing.T) {
	allowed, below := map[string][]string{}, map[string]bool{}
	for _, layer := range rooms {
		for name, imports := range layer {
			allowed[name] = imports
			for _, imported := range imports {
				if !below[imported] {
					t.Errorf("rooms lets %q import %q, which isn't in a layer below", name, imported)
				}
			}
		}
		for name := range layer {
			below[name] = true
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(list(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./internal/local/...")), "\n") {
		path, imports, _ := strings.Cut(line, " ")
		name := room(path)
		if _, ok := allowed[name]; !ok {
			t.Errorf("%s isn't in rooms: add it to a layer, with what it may import", path)
			continue
		}
		for _, imported := range strings.Fields(imports) {
			if strings.HasPrefix(imported, local) && !slices.Contains(allowed[name], room(imported)) {
				t.Errorf("%s imports %s, want only %q of internal/local", path, imported, allowed[name])
			}
		}
	}
}

// room returns the name of a package below internal/local.
func room(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, local), "/")
}

// dependencies returns the direct and indirect imports of the packages that
// match pattern, without those packages.
func dependencies(t *testing.T, pattern string) []string {
	t.Helper()
	matched := strings.Fields(list(t, pattern))
	return slices.DeleteFunc(strings.Fields(list(t, "-deps", pattern)), func(path string) bool {
		return slices.Contains(matched, path)
	})
}

// list returns the output of go list in the root of the repository.
func list(t *testing.T, args ...string) string {
	t.Helper()
	command := exec.Command("go", append([]string{"list"}, args...)...)
	command.Dir = ".."
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return string(output)
}

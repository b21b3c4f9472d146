package scaffold_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"

	"github.com/cloudfurl/cloudfurl/internal/scaffold"
)

// app returns a directory below one of a test, whose name becomes that of the stack.
func app(t *testing.T, files ...string) string {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		files[i] = "my-2nd app/" + files[i]
	}
	return filepath.Join(directoryOf(t, files...), "my-2nd app")
}

// write writes the CDK app around a directory, and returns its files.
func write(t *testing.T, dir string) map[string]string {
	t.Helper()
	plan, err := scaffold.Find(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	before := contentsOf(t, dir)
	if _, err := plan.Write(dir, "v0.0.0", "/home/me/go src/cloudfurl"); err != nil {
		t.Fatal(err)
	}
	after := contentsOf(t, dir)
	for name, content := range before {
		if after[name] != content {
			t.Errorf("%s has become %q", name, after[name])
		}
		delete(after, name)
	}
	return after
}

func TestWrite_puts_a_CDK_app_below_the_directory(t *testing.T) {
	files := write(t, app(t, "app.py", flask, "requirements.txt", "flask\ngunicorn\n"))
	want := map[string]string{
		"cloudfurl/main.go": `// This CDK app deploys a Flask app in app.py, of the directory above.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("MyNdApp"), nil)
	web := infra.NewEndpoint(stack, jsii.String("Web"), &infra.EndpointProps{
		Handler: infra.WebAppHandler("..", &infra.WebAppHandlerProps{
			Command: "python -m gunicorn --bind 127.0.0.1:$PORT --threads 2 app:app",
			Exclude: []string{"/cloudfurl"}, // the CDK app
		}),
		FunctionOptions: &awslambda.FunctionOptions{
			MemorySize: jsii.Number(1024), // in MB; CPU grows with it
		},
		// DomainNames: jsii.Strings("www.example.com"), // and HostedZone or Certificate
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: web.Url()})
	app.Synth(nil)
}
`,
		"cloudfurl/cdk.json": `{
  "app": "go run -trimpath .",
  "watch": {
    "include": ["**", "../**"]
  }
}
`,
		"cloudfurl/go.mod": `module cdkapp

go 1.26.0

require github.com/cloudfurl/cloudfurl v0.0.0

replace github.com/cloudfurl/cloudfurl => "/home/me/go src/cloudfurl"

tool github.com/cloudfurl/cloudfurl/cmd/cloudfurl
`,
		"cloudfurl/.gitignore": "/cdk.out/\n",
	}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// codeOf matches lines that are neither empty nor a comment.
var codeOf = regexp.MustCompile(`(?m)^\s*[^\s/].*$`)

func TestWrite_deploys_each_kind_by_its_construct(t *testing.T) {
	const adapter = "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0 /lambda-adapter /opt/extensions/lambda-adapter\n"
	native := "Architecture: awslambda.Architecture_X86_64(), // as of the machine that builds the app\n"
	if runtime.GOARCH != "amd64" {
		native = "},\n"
	}
	for name, test := range map[string]struct{ files, want []string }{
		"Chalice": {[]string{"app.py", "import chalice\n", "requirements.txt", "chalice\n", "static/css/a.css", "", "static/favicon.ico", ""},
			[]string{`Command: "exec python -c 'from os`, `int(environ[\"PORT\"])).serve_forever()'",`, `Directory:    jsii.String("../static"),`, `PathPatterns: jsii.Strings("/css/*", "/favicon.ico"),`}},
		"a Go server": {[]string{"main.go", "package main\n\nfunc main() { listen(\":9090\") }\n"},
			[]string{`infra.WebAppHandler("..", `, `GoPackage: ".",`, "Port:      jsii.Number(9090),", "MemorySize: jsii.Number(256),"}},
		"a Go handler": {[]string{"cmd/a/main.go", "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n"},
			[]string{`Handler: infra.GoHandler("./cmd/a", &infra.GoHandlerProps{Dir: ".."}),`}},
		"Next.js": {[]string{"package.json", `{"dependencies": {"next": "16"}}`},
			[]string{`infra.WebAppHandler("../.next/standalone", &infra.WebAppHandlerProps{` + "\n\t\t\t" + `Command: "HOSTNAME=127.0.0.1 node server.js",` + "\n\t\t})", native}},
		"a static site": {[]string{"index.html", ""},
			[]string{`Directory: jsii.String(".."),`, `Exclude:   jsii.Strings("/cloudfurl"),`, "DefaultBehavior: files.Behavior(),"}},
		"a built site": {[]string{"dist/index.html", ""}, []string{`Directory: jsii.String("../dist"),` + "\n\t})"}},
		"a Dockerfile": {[]string{"Dockerfile", "FROM node\n" + adapter + "EXPOSE 80\n"},
			[]string{`infra.ImageHandler("..", `, `Exclude: []string{"cloudfurl"},`, native}},
	} {
		t.Run(name, func(t *testing.T) {
			program := write(t, app(t, test.files...))["cloudfurl/main.go"]
			for _, want := range test.want {
				if !strings.Contains(program, want) {
					t.Errorf("main.go has no %q:\n%s", want, program)
				}
			}
			if lines := codeOf.FindAllString(program, -1); len(lines) > 30 {
				t.Errorf("got %d lines of code, want at most 30:\n%s", len(lines), program)
			}
		})
	}
}

func TestWrite_builds_before_and_watches_only_sources(t *testing.T) {
	text := write(t, app(t, "package.json", `{"scripts": {"start": "node \"dist/app.js\"", "build": "tsc"}}`))["cloudfurl/cdk.json"]
	var settings struct {
		Build string
		Watch struct{ Include, Exclude []string }
	}
	if err := json.Unmarshal([]byte(text), &settings); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	if settings.Build != "cd .. && npm run build" || len(settings.Watch.Include) != 2 || fmt.Sprint(settings.Watch.Exclude) != "[../dist ../build ../out ../_site]" {
		t.Errorf("got %+v, want a build, and patterns without what it writes", settings)
	}
}

func TestWrite_requires_a_published_version(t *testing.T) {
	dir := app(t, "index.html", "")
	plan, err := scaffold.Find(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Write(dir, "v1.2.3", ""); err != nil {
		t.Fatal(err)
	}
	got, err := modfile.Parse("go.mod", []byte(contentsOf(t, dir)["cloudfurl/go.mod"]), nil)
	if err != nil || len(got.Replace) != 0 || got.Require[0].Mod.String() != "github.com/cloudfurl/cloudfurl@v1.2.3" {
		t.Errorf("got requirements %v and replacements %v (%v), want v1.2.3 and none", got.Require, got.Replace, err)
	}
	root, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if own, err := modfile.Parse("go.mod", root, nil); err != nil || own.Go.Version != got.Go.Version {
		t.Errorf("got go %s, want that of this module, %s (%v)", got.Go.Version, own.Go.Version, err)
	}
}

func TestWrite_overwrites_nothing(t *testing.T) {
	dir := app(t, "index.html", "", "cloudfurl/go.mod", "module mine\n")
	plan, err := scaffold.Find(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = plan.Write(dir, "v1.2.3", "")
	wantError(t, err, filepath.Join(dir, "cloudfurl")+": exists already, so nothing is written", "remove it first")
	if diff := cmp.Diff(map[string]string{"index.html": "", "cloudfurl/go.mod": "module mine\n"}, contentsOf(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

package infra_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"
	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// flask is the web app of testdata/webapp.
func flask(props infra.WebAppHandlerProps) infra.Handler {
	if props.Command == "" {
		props.Command = "gunicorn --bind 0.0.0.0:$PORT app:app"
	}
	return infra.WebAppHandler("./testdata/webapp", &props)
}

// functionOf returns the template's properties of a function that runs a handler.
func functionOf(t *testing.T, region string, handler infra.Handler, options *awslambda.FunctionOptions) map[string]any {
	t.Helper()
	app := newApp()
	infra.NewHandlerFunction(newStack(app, "Consumer", region), jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler:         handler,
		FunctionOptions: options,
	})
	return synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Function").Properties
}

// variablesOf returns the environment variables of a function.
func variablesOf(t *testing.T, function map[string]any) map[string]any {
	t.Helper()
	return synthtest.At(t, function, "Environment", "Variables").(map[string]any)
}

// wantFailure fails unless defining a function that runs a handler panics with all
// texts.
func wantFailure(t *testing.T, region string, handler func() infra.Handler, options *awslambda.FunctionOptions, texts ...string) {
	t.Helper()
	message := synthtest.Failure(t, func() {
		infra.NewHandlerFunction(newStack(newApp(), "Consumer", region), jsii.String("Handler"), &infra.HandlerFunctionProps{
			Handler:         handler(),
			FunctionOptions: options,
		})
	})
	for _, text := range texts {
		if !strings.Contains(message, text) {
			t.Errorf("got %q, want it to say %q", message, text)
		}
	}
}

// What AWS documents for zip packages.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/zip-packages.md
func TestWebAppHandler_runs_the_adapter_of_the_layer(t *testing.T) {
	function := functionOf(t, "eu-west-1", flask(infra.WebAppHandlerProps{}), nil)
	if function["Runtime"] != "python3.13" || function["Handler"] != "cloudfurl-start.sh" {
		t.Errorf("got runtime %v and handler %v, want the start script on python3.13", function["Runtime"], function["Handler"])
	}
	want := map[string]any{
		"AWS_LAMBDA_EXEC_WRAPPER":      "/opt/bootstrap",
		"AWS_LWA_INVOKE_MODE":          "response_stream",
		"AWS_LWA_AUTHORIZATION_SOURCE": "x-original-authorization",
		"AWS_LWA_READINESS_CHECK_PATH": "/",
		"AWS_LWA_PORT":                 "8080",
		"PORT":                         "8080",
	}
	if diff := cmp.Diff(want, variablesOf(t, function)); diff != "" {
		t.Errorf("environment variables (-want +got):\n%s", diff)
	}
}

func TestWebAppHandler_has_the_layer_of_its_region_and_architecture(t *testing.T) {
	for name, test := range map[string]struct {
		region       string
		architecture awslambda.Architecture
		want         string
	}{
		"arm64":  {"eu-west-1", nil, `:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerArm64:30`},
		"x86_64": {"eu-west-1", awslambda.Architecture_X86_64(), `:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerX86:30`},
		"region of the deployment": {"", nil,
			`[{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":lambda:",{"Ref":"AWS::Region"},":753240598075:layer:LambdaAdapterLayerArm64:30"]]}]`},
		"Beijing": {"cn-north-1", awslambda.Architecture_X86_64(), `:lambda:cn-north-1:041581134020:layer:LambdaAdapterLayerX86:30`},
		"Ningxia": {"cn-northwest-1", awslambda.Architecture_X86_64(), `:lambda:cn-northwest-1:069767869989:layer:LambdaAdapterLayerX86:30`},
	} {
		t.Run(name, func(t *testing.T) {
			function := functionOf(t, test.region, flask(infra.WebAppHandlerProps{}), &awslambda.FunctionOptions{Architecture: test.architecture})
			if got := synthtest.Text(t, function["Layers"]); !strings.Contains(got, test.want) {
				t.Errorf("got layers %s, want %s", got, test.want)
			}
		})
	}
	wantFailure(t, "cn-north-1", func() infra.Handler { return flask(infra.WebAppHandlerProps{}) }, nil,
		"Consumer/Handler: got architecture arm64 in cn-north-1", "x86_64 only", "FunctionOptions.Architecture")
	wantFailure(t, "us-gov-west-1", func() infra.Handler { return flask(infra.WebAppHandlerProps{}) }, nil,
		"us-gov-west-1, of partition aws-us-gov", "AdapterLayer", "ImageHandler")
}

func TestWebAppHandler_runs_the_adapter_of_a_layer_of_ones_own(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-gov-west-1")
	layer := func(id, arn string) awslambda.ILayerVersion {
		return awslambda.LayerVersion_FromLayerVersionArn(stack, jsii.String(id), jsii.String(arn))
	}
	const adapter, other = "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:layer:adapter:1", "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:layer:other:2"
	infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler:         flask(infra.WebAppHandlerProps{AdapterLayer: layer("Adapter", adapter)}),
		FunctionOptions: &awslambda.FunctionOptions{Layers: &[]awslambda.ILayerVersion{layer("Other", other)}},
	})
	function := synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Function").Properties
	if diff := cmp.Diff([]any{adapter, other}, function["Layers"]); diff != "" {
		t.Errorf("layers (-want +got):\n%s", diff)
	}
}

func TestWebAppHandler_configures_the_adapter(t *testing.T) {
	function := functionOf(t, "eu-west-1", flask(infra.WebAppHandlerProps{
		Port: jsii.Number(3001), ReadinessCheckPath: "/healthz", AsyncInit: true, Runtime: awslambda.Runtime_PYTHON_3_12(), Command: "run.sh",
	}), &awslambda.FunctionOptions{Environment: &map[string]*string{
		"MODEL": jsii.String("small"), "AWS_LWA_READINESS_CHECK_PATH": jsii.String("/ready"), "PORT": jsii.String("3001"),
	}})
	if function["Runtime"] != "python3.12" || function["Handler"] != "run.sh" {
		t.Errorf("got runtime %v and handler %v, want run.sh on python3.12", function["Runtime"], function["Handler"])
	}
	variables := variablesOf(t, function)
	for name, want := range map[string]string{
		"PORT": "3001", "AWS_LWA_PORT": "3001", "AWS_LWA_ASYNC_INIT": "true", "MODEL": "small", "AWS_LWA_READINESS_CHECK_PATH": "/ready",
	} {
		if variables[name] != want {
			t.Errorf("got %s=%v, want %s", name, variables[name], want)
		}
	}
}

func TestWebAppHandler_chooses_the_runtime_by_the_files(t *testing.T) {
	express := infra.WebAppHandler("./testdata/express", &infra.WebAppHandlerProps{Command: "node server.js"})
	if got := functionOf(t, "eu-west-1", express, nil)["Runtime"]; got != "nodejs24.x" {
		t.Errorf("got runtime %v for a package.json, want nodejs24.x", got)
	}
	wantFailure(t, "eu-west-1", func() infra.Handler {
		return infra.WebAppHandler("./testdata/python", &infra.WebAppHandlerProps{Command: "python app.py"})
	}, nil, "Consumer/Handler: WebAppHandler got no Runtime", "none of requirements.txt, pyproject.toml and package.json", "Runtime_PYTHON_3_13()")
}

func TestWebAppHandler_fails_with_what_to_do(t *testing.T) {
	script := func(text string, mode os.FileMode) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "run.sh"), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	webApp := func(dir string, props infra.WebAppHandlerProps) func() infra.Handler {
		if props.Command == "" {
			props.Command = "run.sh"
		}
		if props.Runtime == nil {
			props.Runtime = awslambda.Runtime_PYTHON_3_13()
		}
		return func() infra.Handler { return infra.WebAppHandler(dir, &props) }
	}
	app := func(props infra.WebAppHandlerProps) func() infra.Handler {
		return func() infra.Handler { return flask(props) }
	}
	for name, test := range map[string]struct {
		handler func() infra.Handler
		want    []string
	}{
		"no directory":      {webApp("", infra.WebAppHandlerProps{}), []string{"got an empty directory", "./app"}},
		"missing directory": {webApp("./testdata/nowhere", infra.WebAppHandlerProps{}), []string{"./testdata/nowhere, which doesn't exist in"}},
		"file":              {webApp("./testdata/webapp/app.py", infra.WebAppHandlerProps{}), []string{"which is a file: give the directory"}},
		"no props": {func() infra.Handler { return infra.WebAppHandler("./testdata/webapp") },
			[]string{"got no Command", `"python -m gunicorn --bind 0.0.0.0:$PORT app:app"`}},
		"no command, Node.js": {func() infra.Handler { return infra.WebAppHandler("./testdata/express", nil) }, []string{"got no Command", `"node server.js"`}},
		"several props": {func() infra.Handler { return infra.WebAppHandler("./testdata/webapp", nil, nil) },
			[]string{"WebAppHandler(./testdata/webapp): got more than one props"}},
		"other runtime":         {app(infra.WebAppHandlerProps{Runtime: awslambda.Runtime_PROVIDED_AL2023()}), []string{"got Runtime provided.al2023", "ImageHandler"}},
		"port 0":                {app(infra.WebAppHandlerProps{Port: jsii.Number(0)}), []string{"got Port 0: give a whole number of 1024 to 65535"}},
		"port too large":        {app(infra.WebAppHandlerProps{Port: jsii.Number(65536)}), []string{"got Port 65536"}},
		"broken port":           {app(infra.WebAppHandlerProps{Port: jsii.Number(8080.5)}), []string{"got Port 8080.5"}},
		"privileged port":       {app(infra.WebAppHandlerProps{Port: jsii.Number(80)}), []string{"got Port 80: in Lambda the app runs without the rights"}},
		"Runtime API's port":    {app(infra.WebAppHandlerProps{Port: jsii.Number(9001)}), []string{"got Port 9001, where Lambda's Runtime API listens"}},
		"path without a slash":  {app(infra.WebAppHandlerProps{ReadinessCheckPath: "healthz"}), []string{`got ReadinessCheckPath "healthz"`, `"/healthz"`}},
		"missing script":        {app(infra.WebAppHandlerProps{Command: "start.sh"}), []string{`got Command "start.sh"`, "no such script"}},
		"script without #!":     {webApp(script("exec python3 app.py\n", 0o755), infra.WebAppHandlerProps{}), []string{"whose first line doesn't name what runs it"}},
		"script of Windows":     {webApp(script("#!/bin/sh\r\nexit\r\n", 0o755), infra.WebAppHandlerProps{}), []string{"end as on Windows"}},
		"not executable":        {webApp(script("#!/bin/sh\n", 0o644), infra.WebAppHandlerProps{}), []string{"isn't executable: run chmod +x"}},
		"dependencies unlocked": {webApp(unlocked(t), infra.WebAppHandlerProps{Command: "flask run"}), []string{"neither uv.lock nor requirements.txt"}},
	} {
		t.Run(name, func(t *testing.T) { wantFailure(t, "eu-west-1", test.handler, nil, test.want...) })
	}
}

// unlocked returns the directory of a project without a lock file.
func unlocked(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pyproject.toml"), []byte("[project]\ndependencies = [\"flask\"]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestWebAppHandler_fails_if_variables_break_the_adapter(t *testing.T) {
	for name, test := range map[string]struct {
		variable, value string
		want            []string
	}{
		"buffered":    {"AWS_LWA_INVOKE_MODE", "buffered", []string{"AWS_LWA_INVOKE_MODE=buffered, where the handler needs response_stream", "the function URL streams"}},
		"wrapper":     {"AWS_LAMBDA_EXEC_WRAPPER", "/opt/otel", []string{"AWS_LAMBDA_EXEC_WRAPPER=/opt/otel", "in Command"}},
		"port":        {"PORT", "9000", []string{"PORT=9000, where the handler needs 8080", "give Port"}},
		"other port":  {"AWS_LWA_PORT", "9000", []string{"AWS_LWA_PORT=9000"}},
		"old name":    {"READINESS_CHECK_PATH", "/ready", []string{"READINESS_CHECK_PATH, which the adapter ignores", "ReadinessCheckPath"}},
		"broken path": {"AWS_LWA_READINESS_CHECK_PATH", "ready", []string{`AWS_LWA_READINESS_CHECK_PATH="ready": begin it with a slash`}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFailure(t, "eu-west-1", func() infra.Handler { return flask(infra.WebAppHandlerProps{}) },
				&awslambda.FunctionOptions{Environment: &map[string]*string{test.variable: &test.value}}, append(test.want, "Consumer/Handler: ")...)
		})
	}
	wantFailure(t, "eu-west-1", func() infra.Handler { return flask(infra.WebAppHandlerProps{Port: jsii.Number(3000)}) },
		&awslambda.FunctionOptions{InsightsVersion: awslambda.LambdaInsightsVersion_VERSION_1_0_333_0()}, "got Port 3000 and InsightsVersion")
}

func TestWebAppHandler_streams_behind_an_endpoint_with_an_alias(t *testing.T) {
	app := newApp()
	endpoint := newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		Handler:  flask(infra.WebAppHandlerProps{}),
		Alias:    &infra.AliasOptions{ProvisionedConcurrentExecutions: jsii.Number(1)},
		WebAclId: jsii.String("arn:aws:wafv2:us-east-1:111122223333:global/webacl/front/a"),
	})
	endpoint.AddBehavior(jsii.String("Functions"), &infra.BehaviorProps{PathPattern: jsii.String("/functions/*"), Handler: infra.PythonHandler("./testdata/python")})
	endpoint.AddBehavior(jsii.String("Images"), &infra.BehaviorProps{PathPattern: jsii.String("/images/*"), Handler: infra.ImageHandler("./testdata/image")})
	infra.CheckFlatRatePlan(endpoint, infra.FlatRatePlan_BUSINESS)
	consumer := synthtest.Templates(app)["Consumer"]
	modes := map[any]int{}
	for _, url := range consumer.Resources("AWS::Lambda::Url") {
		modes[url.Properties["InvokeMode"]]++
	}
	if diff := cmp.Diff(map[any]int{"RESPONSE_STREAM": 2, "BUFFERED": 1}, modes); diff != "" {
		t.Errorf("invoke modes of the function URLs (-want +got):\n%s", diff)
	}
	snaps.MatchJSON(t, synthtest.Normalise(map[string]any(consumer)))
}

// assets returns the directories of the assets of an app that bundles them.
func assets(t *testing.T, handler infra.Handler, context map[string]any) (directory string, messages []string) {
	t.Helper()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(t.TempDir()), AnalyticsReporting: jsii.Bool(false), Context: &context})
	stack := newStack(app, "Consumer", "eu-west-1")
	infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: handler})
	assembly := app.Synth(nil)
	for _, message := range *assembly.GetStackArtifact(stack.ArtifactId()).Messages() {
		messages = append(messages, message.Entry.Data.(string))
	}
	found, err := filepath.Glob(filepath.Join(*assembly.Directory(), "asset.*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("got assets %v (%v), want one", found, err)
	}
	return found[0], messages
}

func TestWebAppHandler_bundles_the_same_code_from_any_place(t *testing.T) {
	var names []string
	for range 2 {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS("./testdata/express")); err != nil {
			t.Fatal(err)
		}
		asset, _ := assets(t, infra.WebAppHandler(dir, &infra.WebAppHandlerProps{Command: "node server.js"}), nil)
		names = append(names, filepath.Base(asset))
	}
	if names[0] != names[1] {
		t.Errorf("got assets %v, want the same", names)
	}
}

func TestWebAppHandler_leaves_out_what_is_no_part_of_the_app(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"server.js", "lib/util.js", ".git/config", ".venv/bin/python", "lib/__pycache__/a.pyc", ".env", "docs/a.md", "docs/keep.md", "notes.txt",
		"node_modules/kept/index.js", "cdk.out/manifest.json",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		exclude []string
		mode    awscdk.IgnoreMode
		want    []string
	}{
		"by default": {nil, "", []string{"cloudfurl-start.sh", "docs/a.md", "docs/keep.md", "lib/util.js", "node_modules/kept/index.js", "notes.txt", "server.js"}},
		"as in .gitignore": {[]string{"/docs/*", "!/docs/keep.md", "*.txt", "!.env"}, "",
			[]string{".env", "cloudfurl-start.sh", "docs/keep.md", "lib/util.js", "node_modules/kept/index.js", "server.js"}},
		"as in .dockerignore": {[]string{"docs", "*.txt"}, awscdk.IgnoreMode_DOCKER,
			[]string{"cloudfurl-start.sh", "lib/util.js", "node_modules/kept/index.js", "server.js"}},
		"by globs": {[]string{"docs", "*.txt", "node_modules"}, awscdk.IgnoreMode_GLOB, []string{"cloudfurl-start.sh", "lib/util.js", "server.js"}},
	} {
		t.Run(name, func(t *testing.T) {
			asset, _ := assets(t, infra.WebAppHandler(dir, &infra.WebAppHandlerProps{
				Command: "node server.js", Runtime: awslambda.Runtime_NODEJS_22_X(), Exclude: test.exclude, IgnoreMode: test.mode,
			}), nil)
			if diff := cmp.Diff(test.want, filesBelow(t, asset)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

// filesBelow returns the paths of the files below a directory.
func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			relative, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(relative))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}

func TestWebAppHandler_starts_the_command_with_the_packages_of_the_app(t *testing.T) {
	for name, test := range map[string]struct {
		command string
		runtime awslambda.Runtime
		want    string
	}{
		"Python": {`echo "$PATH" "$PYTHONPATH" "$PORT"`, awslambda.Runtime_PYTHON_3_12(),
			"ROOT/bin:/bin:/usr/bin ROOT:/opt/python:/opt/python/lib/python3.12/site-packages:/own:/var/runtime 8080"},
		"Node.js":          {`echo $PATH`, awslambda.Runtime_NODEJS_24_X(), "ROOT/node_modules/.bin:/bin:/usr/bin"},
		"several commands": {"cd lib && pwd", awslambda.Runtime_NODEJS_24_X(), "ROOT/lib"},
		"assignment":       {"NAME=app sh -c 'echo $NAME'", awslambda.Runtime_NODEJS_24_X(), "app"},
		"replaces sh":      {`sh -c 'echo $PPID'`, awslambda.Runtime_NODEJS_24_X(), "PARENT"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "lib"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "lib", "a"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			asset, _ := assets(t, infra.WebAppHandler(dir, &infra.WebAppHandlerProps{Command: test.command, Runtime: test.runtime}), nil)
			command := exec.Command(filepath.Join(asset, "cloudfurl-start.sh"))
			command.Dir = asset
			command.Env = []string{"PATH=/bin:/usr/bin", "LAMBDA_TASK_ROOT=" + asset, "LAMBDA_RUNTIME_DIR=/var/runtime", "PYTHONPATH=/own", "PORT=8080"}
			output, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			want := strings.ReplaceAll(test.want, "ROOT", asset)
			if want == "PARENT" {
				want = strconv.Itoa(os.Getpid())
			}
			if got := strings.TrimSpace(string(output)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

package infra_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// What AWS documents for Python functions.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
func TestPythonHandler_is_a_buffered_function(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "")
	infra.NewStreamingFunctionUrl(stack, jsii.String("Api"), &infra.StreamingFunctionUrlProps{
		Handler: infra.PythonHandler("./testdata/python"),
	})
	consumer := synthtest.Templates(app)["Consumer"]
	function := consumer.Only(t, "AWS::Lambda::Function").Properties
	for key, want := range map[string]any{"Runtime": "python3.13", "Handler": "lambda_function.lambda_handler", "Layers": nil, "Environment": nil} {
		if function[key] != want {
			t.Errorf("got %s %v, want %v", key, function[key], want)
		}
	}
	if got := consumer.Only(t, "AWS::Lambda::Url").Properties["InvokeMode"]; got != "BUFFERED" {
		t.Errorf("got InvokeMode %v, want BUFFERED", got)
	}
}

func TestStreamingOrigin_has_the_invoke_mode_of_its_function(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: infra.PythonHandler("./testdata/python")})
	infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: handler.Function, InvokeMode: handler.InvokeMode})
	if got := synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Url").Properties["InvokeMode"]; got != "BUFFERED" {
		t.Errorf("got InvokeMode %v, want BUFFERED", got)
	}

	stack = newStack(newApp(), "Consumer", "eu-west-1")
	message := synthtest.Failure(t, func() {
		infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack), InvokeMode: "buffered"})
	})
	if !strings.Contains(message, `Consumer/Origin: got InvokeMode "buffered"`) || !strings.Contains(message, "use one of awscdk's constants") {
		t.Errorf("got %q, want it to name the mode and what to give", message)
	}
}

func TestPythonHandler_fails_with_what_to_do(t *testing.T) {
	python := func(props infra.PythonHandlerProps) func() infra.Handler {
		return func() infra.Handler { return infra.PythonHandler("./testdata/python", &props) }
	}
	for name, test := range map[string]struct {
		handler func() infra.Handler
		want    []string
	}{
		"missing directory": {func() infra.Handler { return infra.PythonHandler("./testdata/nowhere") }, []string{"PythonHandler got the directory ./testdata/nowhere"}},
		"no module":         {python(infra.PythonHandlerProps{Handler: "app.main.handler"}), []string{`got Handler "app.main.handler"`, "no app/main.py"}},
		"Node.js":           {python(infra.PythonHandlerProps{Runtime: awslambda.Runtime_NODEJS_24_X()}), []string{"got Runtime nodejs24.x", "Runtime_PYTHON_3_13()"}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFailure(t, "eu-west-1", test.handler, nil, append(test.want, "Consumer/Handler: ")...)
		})
	}
}

func TestPythonHandler_bundles_its_packages(t *testing.T) {
	if err := exec.Command("uv", "--version").Run(); err != nil {
		t.Skipf("needs uv, which make test installs: %v", err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("lambda_function.py", "from app import lambda_handler\n")
	write("requirements.txt", "--no-index\nmissing==1.0\n")
	message := synthtest.Failure(t, func() { assets(t, infra.PythonHandler(dir), nil) })
	for _, want := range []string{"Consumer/Handler: uv couldn't install requirements.txt of ", "for Python 3.13 on arm64: the package index has no wheel", "missing==1.0"} {
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want it to say %q", message, want)
		}
	}

	write("requirements.txt", "# missing==1.0\n")
	asset, messages := assets(t, infra.PythonHandler(dir), nil)
	if got := strings.Join(filesBelow(t, asset), " "); got != "lambda_function.py requirements.txt" {
		t.Errorf("got files %s, want those of the directory", got)
	}
	if len(messages) > 0 {
		t.Errorf("got messages %v, want none", messages)
	}
	message = synthtest.Failure(t, func() { assets(t, infra.PythonHandler(dir, &infra.PythonHandlerProps{Exclude: []string{"*.py"}}), nil) })
	if !strings.Contains(message, "has no lambda_function.py, which Lambda starts: correct Exclude") {
		t.Errorf("got %q, want it to name the excluded file", message)
	}
}

func TestPythonHandler_installs_for_the_machine_that_the_context_names(t *testing.T) {
	define := func(context map[string]any) {
		dir := t.TempDir()
		for name, content := range map[string]string{"lambda_function.py": "from app import lambda_handler\n", "requirements.txt": "missing==1.0\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		assets(t, infra.PythonHandler(dir), context)
	}
	for name, test := range map[string]struct {
		context map[string]any
		want    string
	}{
		"another Python": {map[string]any{"cloudfurl:python": "2.6"}, "cloudfurl:python is 2.6, and there is no such Python in PATH"},
		"no Python":      {map[string]any{"cloudfurl:goos": "darwin"}, "got the context key cloudfurl:goos darwin and no cloudfurl:python"},
	} {
		t.Run(name, func(t *testing.T) {
			if message := synthtest.Failure(t, func() { define(test.context) }); !strings.Contains(message, test.want) {
				t.Errorf("got %q, want it to say %q", message, test.want)
			}
		})
	}
}

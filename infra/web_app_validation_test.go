package infra_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func TestWebAppHandler_fails_with_what_to_do(t *testing.T) {
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
		"no directory": {webApp("", infra.WebAppHandlerProps{}), []string{"got no directory", "./app"}},
		"no props": {func() infra.Handler { return infra.WebAppHandler("./testdata/webapp") },
			[]string{"got no Command", `"python -m gunicorn --bind 0.0.0.0:$PORT app:app"`}},
		"several props": {func() infra.Handler { return infra.WebAppHandler("./testdata/webapp", nil, nil) },
			[]string{"WebAppHandler(./testdata/webapp): got more than one props"}},
		"other runtime":        {app(infra.WebAppHandlerProps{Runtime: awslambda.Runtime_GO_1_X()}), []string{"got Runtime go1.x", "ImageHandler"}},
		"port 0":               {app(infra.WebAppHandlerProps{Port: jsii.Number(0)}), []string{"got Port 0: use a whole number of 1024 to 65535"}},
		"path without a slash": {app(infra.WebAppHandlerProps{ReadinessCheckPath: "healthz"}), []string{`got ReadinessCheckPath "healthz"`, `"/healthz"`}},
		"two mistakes": {app(infra.WebAppHandlerProps{Command: " ", Port: jsii.Number(80)}),
			[]string{"got no Command", "\ngot Port 80: use a whole number"}},
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
		"buffered": {"AWS_LWA_INVOKE_MODE", "buffered", []string{"AWS_LWA_INVOKE_MODE=buffered, where the handler needs response_stream", "the function URL streams"}},
		"port":     {"PORT", "9000", []string{"PORT=9000, where the handler needs 8080", "set Port"}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFailure(t, "eu-west-1", func() infra.Handler { return flask(infra.WebAppHandlerProps{}) },
				&awslambda.FunctionOptions{Environment: &map[string]*string{test.variable: &test.value}}, append(test.want, "Consumer/Handler: ")...)
		})
	}
}

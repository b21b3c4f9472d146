package infra_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

const (
	fromPython  = "FROM public.ecr.aws/docker/library/python:3.13-slim\n"
	copyAdapter = "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0 /lambda-adapter /opt/extensions/lambda-adapter\n"
)

// imageOf returns a handler for a Dockerfile with a text.
func imageOf(t *testing.T, text string, props infra.ImageHandlerProps) infra.Handler {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return infra.ImageHandler(dir, &props)
}

// What AWS documents for container images.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
func TestImageHandler_is_a_function_of_an_image(t *testing.T) {
	function := functionOf(t, "eu-west-1", infra.ImageHandler("./testdata/image"), nil)
	if function["PackageType"] != "Image" {
		t.Errorf("got PackageType %v, want Image", function["PackageType"])
	}
	if uri := synthtest.Text(t, synthtest.At(t, function, "Code", "ImageUri")); !strings.Contains(uri, ".dkr.ecr.eu-west-1.") {
		t.Errorf("got image %s, want one of the account's registry", uri)
	}
	for _, key := range []string{"Runtime", "Handler", "Layers"} {
		if function[key] != nil {
			t.Errorf("got %s %v, want none for an image", key, function[key])
		}
	}
	want := map[string]any{
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

func TestImageHandler_builds_what_its_props_say(t *testing.T) {
	for name, test := range map[string]struct {
		architecture awslambda.Architecture
		want         string
	}{"arm64": {nil, "linux/arm64"}, "x86_64": {awslambda.Architecture_X86_64(), "linux/amd64"}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			text := fromPython + "FROM python AS lambda\nARG VERSION\n" + copyAdapter + "FROM scratch\n"
			if err := os.WriteFile(filepath.Join(dir, "Lambda.Dockerfile"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			app := newApp()
			stack := newStack(app, "Consumer", "eu-west-1")
			infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
				Handler: infra.ImageHandler(dir, &infra.ImageHandlerProps{
					File: "Lambda.Dockerfile", Target: "lambda", BuildArgs: map[string]string{"VERSION": "2"},
				}),
				FunctionOptions: &awslambda.FunctionOptions{Architecture: test.architecture},
			})
			manifest, err := os.ReadFile(filepath.Join(*app.Synth(&awscdk.StageSynthesisOptions{}).Directory(), "Consumer.assets.json"))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{`"dockerFile": "Lambda.Dockerfile"`, `"dockerBuildTarget": "lambda"`, `"VERSION": "2"`, `"platform": "` + test.want + `"`} {
				if !strings.Contains(string(manifest), want) {
					t.Errorf("got assets %s, want %s", manifest, want)
				}
			}
		})
	}
}

func TestImageHandler_takes_its_defaults_from_the_Dockerfile(t *testing.T) {
	for name, test := range map[string]struct {
		lines string
		props infra.ImageHandlerProps
		want  map[string]string
	}{
		"PORT":           {"ENV PORT=5000\n", infra.ImageHandlerProps{}, map[string]string{"PORT": "5000", "AWS_LWA_PORT": "5000"}},
		"AWS_LWA_PORT":   {"ENV PORT=5000 AWS_LWA_PORT=5001\n", infra.ImageHandlerProps{}, map[string]string{"PORT": "5001", "AWS_LWA_PORT": "5001"}},
		"readiness":      {"ENV AWS_LWA_READINESS_CHECK_PATH=/healthz\n", infra.ImageHandlerProps{}, map[string]string{"AWS_LWA_READINESS_CHECK_PATH": "/healthz"}},
		"props":          {"ENV PORT=5000\n", infra.ImageHandlerProps{Port: jsii.Number(6000), ReadinessCheckPath: "/up"}, map[string]string{"PORT": "6000", "AWS_LWA_READINESS_CHECK_PATH": "/up"}},
		"exposed":        {"EXPOSE 6000\n", infra.ImageHandlerProps{Port: jsii.Number(5000)}, map[string]string{"PORT": "5000"}},
		"the same port":  {"ENV PORT=5000\nCMD [\"gunicorn\", \"--bind\", \"0.0.0.0:5000\", \"app:app\"]\n", infra.ImageHandlerProps{}, map[string]string{"PORT": "5000"}},
		"a port by name": {"CMD gunicorn --bind 0.0.0.0:$PORT app:app\n", infra.ImageHandlerProps{Port: jsii.Number(6000)}, map[string]string{"PORT": "6000"}},
	} {
		t.Run(name, func(t *testing.T) {
			variables := variablesOf(t, functionOf(t, "eu-west-1", imageOf(t, fromPython+copyAdapter+test.lines, test.props), nil))
			for name, want := range test.want {
				if variables[name] != want {
					t.Errorf("got %s=%v, want %s", name, variables[name], want)
				}
			}
		})
	}
}

func TestImageHandler_takes_its_port_from_the_functions_variables(t *testing.T) {
	for name, test := range map[string]struct {
		lines     string
		variables map[string]*string
		want      string
	}{
		"PORT":                  {"", map[string]*string{"PORT": jsii.String("5000")}, "5000"},
		"AWS_LWA_PORT":          {"", map[string]*string{"AWS_LWA_PORT": jsii.String("5000")}, "5000"},
		"PORT that is exposed":  {"EXPOSE 5000\n", map[string]*string{"PORT": jsii.String("5000")}, "5000"},
		"not the Dockerfile's":  {"ENV PORT=4000 AWS_LWA_PORT=4001\n", map[string]*string{"PORT": jsii.String("5000")}, "5000"},
		"the command's":         {"CMD [\"gunicorn\", \"--bind\", \"0.0.0.0:5000\", \"app:app\"]\n", map[string]*string{"PORT": jsii.String("5000")}, "5000"},
		"other variables":       {"ENV PORT=4000\n", map[string]*string{"MODEL": jsii.String("small")}, "4000"},
		"a value of the deploy": {"ENV PORT=4000\n", map[string]*string{"MODEL": awscdk.Fn_ImportValue(jsii.String("Model"))}, "4000"},
	} {
		t.Run(name, func(t *testing.T) {
			options := &awslambda.FunctionOptions{Environment: &test.variables}
			variables := variablesOf(t, functionOf(t, "eu-west-1", imageOf(t, fromPython+copyAdapter+test.lines, infra.ImageHandlerProps{}), options))
			if variables["PORT"] != test.want || variables["AWS_LWA_PORT"] != test.want {
				t.Errorf("got PORT=%v and AWS_LWA_PORT=%v, want %s", variables["PORT"], variables["AWS_LWA_PORT"], test.want)
			}
		})
	}
	for name, test := range map[string]struct {
		lines string
		props infra.ImageHandlerProps
		value string
		want  string
	}{
		"another Port": {"", infra.ImageHandlerProps{Port: jsii.Number(6000)}, "5000", "got the environment variable PORT=5000, where the handler needs 6000"},
		"no number":    {"", infra.ImageHandlerProps{}, "http", `FunctionOptions.Environment sets PORT to "http"`},
		"of Lambda":    {"", infra.ImageHandlerProps{}, "9001", "but 9001, where Lambda's Runtime API listens"},
	} {
		t.Run(name, func(t *testing.T) {
			wantFailure(t, "eu-west-1", func() infra.Handler { return imageOf(t, fromPython+copyAdapter+test.lines, test.props) },
				&awslambda.FunctionOptions{Environment: &map[string]*string{"PORT": &test.value}}, test.want)
		})
	}
}

// Docker copies links as links, and what the .dockerignore of a Dockerfile doesn't
// name.
func TestImageHandler_gives_Docker_what_it_would_copy(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "app")
	writeFiles(t, root, "outside/secret.txt", "outside")
	writeFiles(t, dir, "Lambda.Dockerfile", fromPython+copyAdapter, "Lambda.Dockerfile.dockerignore", "# app.py\n\n.env\n*.pem\r\n!ca.pem\n",
		".dockerignore", "notes.md\n", ".env", "TOKEN=1", "key.pem", "", "ca.pem", "", "notes.md", "", "app.py", "")
	for name, target := range map[string]string{"leak.txt": "../outside/secret.txt", "shared": "../outside", "main.py": "app.py"} {
		if err := os.Symlink(filepath.FromSlash(target), filepath.Join(dir, name)); err != nil {
			t.Skipf("needs symbolic links: %v", err)
		}
	}
	asset, _ := assets(t, infra.ImageHandler(dir, &infra.ImageHandlerProps{File: "Lambda.Dockerfile"}), nil)
	want := []string{".dockerignore", "Lambda.Dockerfile", "Lambda.Dockerfile.dockerignore", "app.py", "ca.pem", "leak.txt", "main.py", "shared"}
	if diff := cmp.Diff(want, filesBelow(t, asset)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, name := range []string{"leak.txt", "shared", "main.py"} {
		if info, err := os.Lstat(filepath.Join(asset, name)); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s: got %v (%v), want a link", name, info, err)
		}
	}
}

func TestImageHandler_fails_with_what_to_do(t *testing.T) {
	image := func(text string, props infra.ImageHandlerProps) func() infra.Handler {
		return func() infra.Handler { return imageOf(t, text, props) }
	}
	for name, test := range map[string]struct {
		handler func() infra.Handler
		want    []string
	}{
		"no Dockerfile": {func() infra.Handler { return infra.ImageHandler("./testdata/webapp") }, []string{"./testdata/webapp, which has no Dockerfile: write one, or set File"}},
		"no directory":  {func() infra.Handler { return infra.ImageHandler("./testdata/nowhere") }, []string{"ImageHandler got the directory ./testdata/nowhere"}},
		"no adapter": {image(fromPython, infra.ImageHandlerProps{}),
			[]string{"doesn't have AWS's Lambda Web Adapter", "add the line\n" + strings.TrimSpace(copyAdapter)}},
		"no port": {image(fromPython+copyAdapter+"ENV PORT=http\n", infra.ImageHandlerProps{}), []string{`Dockerfile sets PORT to "http"`}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFailure(t, "eu-west-1", test.handler, nil, append(test.want, "Consumer/Handler: ")...)
		})
	}

	stack := newStack(newApp(), "Consumer", "eu-west-1")
	layer := awslambda.LayerVersion_FromLayerVersionArn(stack, jsii.String("Layer"), jsii.String("arn:aws:lambda:eu-west-1:111122223333:layer:other:2"))
	wantFailure(t, "eu-west-1", image(fromPython+copyAdapter, infra.ImageHandlerProps{}),
		&awslambda.FunctionOptions{Layers: &[]awslambda.ILayerVersion{layer}}, "Consumer/Handler: Layers are not supported for container image functions")
}

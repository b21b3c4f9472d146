package infra_test

import (
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
	} {
		t.Run(name, func(t *testing.T) {
			function := functionOf(t, test.region, flask(infra.WebAppHandlerProps{}), &awslambda.FunctionOptions{Architecture: test.architecture})
			if got := synthtest.Text(t, function["Layers"]); !strings.Contains(got, test.want) {
				t.Errorf("got layers %s, want %s", got, test.want)
			}
		})
	}
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
	if function["Runtime"] != "python3.12" || function["Handler"] != "cloudfurl-start.sh" {
		t.Errorf("got runtime %v and handler %v, want cloudfurl-start.sh on python3.12", function["Runtime"], function["Handler"])
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

func TestWebAppHandler_passes_values_of_the_deployment_on(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	port := awscdk.NewCfnParameter(stack, jsii.String("Port"), &awscdk.CfnParameterProps{Type: jsii.String("Number"), Default: 80})
	path := awscdk.NewCfnParameter(stack, jsii.String("Path"), nil)
	infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler: flask(infra.WebAppHandlerProps{Port: port.ValueAsNumber(), ReadinessCheckPath: *path.ValueAsString()}),
	})
	variables := variablesOf(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Function").Properties)
	for name, want := range map[string]string{"PORT": `{"Ref":"Port"}`, "AWS_LWA_READINESS_CHECK_PATH": `{"Ref":"Path"}`} {
		if got := synthtest.Text(t, variables[name]); got != want {
			t.Errorf("got %s %s, want %s", name, got, want)
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

// As AWS's own examples: an OS-only runtime starts the program, the others a script by
// the layer's wrapper.
//
// See: https://github.com/aws/aws-lambda-web-adapter/tree/main/examples/rust-axum-zip
// See: https://github.com/aws/aws-lambda-web-adapter/tree/main/examples/javalin-zip
func TestWebAppHandler_runs_programs_in_other_languages(t *testing.T) {
	for name, test := range map[string]struct {
		props                     infra.WebAppHandlerProps
		runtime, handler, wrapper string
	}{
		"a compiled program": {infra.WebAppHandlerProps{Command: "./server --verbose", Runtime: awslambda.Runtime_PROVIDED_AL2023()}, "provided.al2023", "bootstrap", ""},
		"a Go package":       {infra.WebAppHandlerProps{GoPackage: "./server"}, "provided.al2023", "bootstrap", ""},
		"Java":               {infra.WebAppHandlerProps{Command: "java -jar app.jar", Runtime: awslambda.Runtime_JAVA_21()}, "java21", "cloudfurl-start.sh", "/opt/bootstrap"},
	} {
		t.Run(name, func(t *testing.T) {
			function := functionOf(t, "eu-west-1", infra.WebAppHandler("./testdata", &test.props), nil)
			wrapper, _ := variablesOf(t, function)["AWS_LAMBDA_EXEC_WRAPPER"].(string)
			if function["Runtime"] != test.runtime || function["Handler"] != test.handler || wrapper != test.wrapper {
				t.Errorf("got runtime %v, handler %v and wrapper %q, want %s, %s and %q", function["Runtime"], function["Handler"], wrapper, test.runtime, test.handler, test.wrapper)
			}
			if got := synthtest.Text(t, function["Layers"]); !strings.Contains(got, "LambdaAdapterLayerArm64") {
				t.Errorf("got layers %s, want that of the adapter", got)
			}
		})
	}
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
	consumer := synthtest.Templates(app)["Consumer"]
	modes := map[any]int{}
	for _, url := range consumer.Resources("AWS::Lambda::Url") {
		modes[url.Properties["InvokeMode"]]++
	}
	if diff := cmp.Diff(map[any]int{"RESPONSE_STREAM": 2, "BUFFERED": 1}, modes); diff != "" {
		t.Errorf("invoke modes of the function URLs (-want +got):\n%s", diff)
	}
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(consumer)))
}

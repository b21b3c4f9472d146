package code_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

// What AWS documents for zip packages.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/zip-packages.md
func TestAdapter_has_variables(t *testing.T) {
	got := code.Adapter{Port: "3001", ReadinessCheckPath: "/healthz", AsyncInit: true, Wrapper: code.AdapterWrapper}.Variables()
	want := map[string]string{
		"AWS_LAMBDA_EXEC_WRAPPER":      "/opt/bootstrap",
		"AWS_LWA_ASYNC_INIT":           "true",
		"AWS_LWA_INVOKE_MODE":          "response_stream",
		"AWS_LWA_AUTHORIZATION_SOURCE": "x-original-authorization",
		"AWS_LWA_READINESS_CHECK_PATH": "/healthz",
		"AWS_LWA_PORT":                 "3001",
		"PORT":                         "3001",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	if got := (code.Adapter{}).Variables(); got["PORT"] != "8080" || got["AWS_LWA_READINESS_CHECK_PATH"] != "/" {
		t.Errorf("got %v, want port 8080 and the path / by default", got)
	}
}

func TestAdapter_checks_port_and_path(t *testing.T) {
	for name, test := range map[string]struct {
		adapter code.Adapter
		want    []string
	}{
		"defaults":             {code.Adapter{}, nil},
		"known at deployment":  {code.Adapter{Port: "${Token[TOKEN.7]}"}, nil},
		"first port":           {code.Adapter{Port: "1024", ReadinessCheckPath: "/up"}, nil},
		"last port":            {code.Adapter{Port: "65535"}, nil},
		"port 0":               {code.Adapter{Port: "0"}, []string{"got Port 0: use a whole number of 1024 to 65535"}},
		"port too large":       {code.Adapter{Port: "65536"}, []string{"got Port 65536"}},
		"broken port":          {code.Adapter{Port: "8080.5"}, []string{"got Port 8080.5"}},
		"privileged port":      {code.Adapter{Port: "80"}, []string{"got Port 80: use a whole number of 1024 to 65535"}},
		"Runtime API's port":   {code.Adapter{Port: "9001"}, []string{"got Port 9001: use", "but 9001, where Lambda's Runtime API listens"}},
		"path without a slash": {code.Adapter{ReadinessCheckPath: "healthz"}, []string{`got ReadinessCheckPath "healthz"`, `"/healthz"`}},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, test.adapter.Check(), test.want...) })
	}
}

func TestAdapter_rejects_variables_that_break_it(t *testing.T) {
	for name, test := range map[string]struct {
		port  string
		given map[string]string
		want  []string
	}{
		"a variable of the app":   {"", variable("MODEL", "small"), nil},
		"the same port":           {"3001", variable("PORT", "3001"), nil},
		"the mode in other case":  {"", variable("AWS_LWA_INVOKE_MODE", "RESPONSE_STREAM"), nil},
		"buffered":                {"", variable("AWS_LWA_INVOKE_MODE", "buffered"), []string{"AWS_LWA_INVOKE_MODE=buffered, where the handler needs response_stream", "the function URL streams"}},
		"wrapper":                 {"", variable("AWS_LAMBDA_EXEC_WRAPPER", "/opt/otel"), []string{"AWS_LAMBDA_EXEC_WRAPPER=/opt/otel", "in Command"}},
		"port":                    {"", variable("PORT", "9000"), []string{"PORT=9000, where the handler needs 8080", "set Port"}},
		"other port":              {"", variable("AWS_LWA_PORT", "9000"), []string{"AWS_LWA_PORT=9000"}},
		"old name":                {"", variable("READINESS_CHECK_PATH", "/ready"), []string{"READINESS_CHECK_PATH, which the adapter ignores", "ReadinessCheckPath"}},
		"broken path":             {"", variable("AWS_LWA_READINESS_CHECK_PATH", "ready"), []string{`AWS_LWA_READINESS_CHECK_PATH="ready": begin it with a slash`}},
		"a path in place of ours": {"", variable("AWS_LWA_READINESS_CHECK_PATH", "/ready"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, code.Adapter{Port: test.port, Wrapper: code.AdapterWrapper}.CheckVariables(test.given), test.want...)
		})
	}
}

func variable(name, value string) map[string]string { return map[string]string{name: value} }

func TestAdapterLayer_is_the_one_of_region_and_architecture(t *testing.T) {
	for name, test := range map[string]struct {
		partition, region, architecture string
		want                            code.AdapterLayer
		problem                         []string
	}{
		"arm64":    {"aws", "eu-west-1", "arm64", code.AdapterLayer{Account: "753240598075", NameAndVersion: "LambdaAdapterLayerArm64:30"}, nil},
		"x86_64":   {"aws", "eu-west-1", "x86_64", code.AdapterLayer{Account: "753240598075", NameAndVersion: "LambdaAdapterLayerX86:30"}, nil},
		"GovCloud": {"aws-us-gov", "us-gov-west-1", "arm64", code.AdapterLayer{}, []string{"us-gov-west-1, of partition aws-us-gov", "AdapterLayer", "ImageHandler"}},
	} {
		t.Run(name, func(t *testing.T) {
			layer, err := code.NewAdapterLayer(test.partition, test.region, test.architecture)
			wantError(t, err, test.problem...)
			if err == nil && layer != test.want {
				t.Errorf("got %+v, want %+v", layer, test.want)
			}
		})
	}
}

package lambda

import (
	"context"
	"io"
	"strings"
	"testing"
)

// The SDKs of X-Ray and OpenTelemetry read the variable; from Node.js 24 on, handlers of
// AWS also have it in the context.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func TestTraceID_reaches_handlers_of_each_runtime(t *testing.T) {
	const node = "exports.handler = async (event, context) => [process.env._X_AMZN_TRACE_ID, context.xRayTraceId ?? null];"
	for runtime, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nodejs22.x": {map[string]string{"index.js": node}, `["Root=1-2-%;Sampled=0",null]`},
		"nodejs24.x": {map[string]string{"index.js": node}, `["Root=1-2-%;Sampled=0","Root=1-2-%;Sampled=0"]`},
		"python3.11": {map[string]string{"index.py": "import os\ndef handler(event, context):\n    return os.environ['_X_AMZN_TRACE_ID']\n"}, `"Root=1-2-%;Sampled=0"`},
	} {
		t.Run(runtime, func(t *testing.T) {
			need(t, map[bool]string{true: "python3", false: "node"}[runtime == "python3.11"])
			f, _ := newFunction(t, managed(runtime, "index.handler", code(t, test.files)))
			for _, id := range []string{"a", "b"} { // each invocation has its own
				response, err := f.Invoke(context.Background(), JSON(`{}`), InvokeOptions{TraceID: "Root=1-2-" + id + ";Sampled=0"})
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(response.Body)
				response.Body.Close()
				if want := strings.ReplaceAll(test.want, "%", id); err != nil || string(body) != want {
					t.Errorf("got %s and %v, want %s", body, err, want)
				}
			}
		})
	}
}

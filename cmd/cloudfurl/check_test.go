package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
	"github.com/cloudfurl/cloudfurl/internal/porttest"
	"github.com/cloudfurl/cloudfurl/internal/smoke"
)

// serveChanged serves the template of a distribution with a hasher and a function that
// are right, after replacements, and returns its URL.
func serveChanged(t *testing.T, options build.Options, changes ...string) string {
	t.Helper()
	text, err := os.ReadFile("../../internal/local/testdata/reports/sst-6427.yaml")
	if err != nil {
		t.Fatal(err)
	}
	right := strings.ReplaceAll(string(text), "# right:", "")
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(right, changes[i]) {
			t.Fatalf("the template has no %s", changes[i])
		}
		right = strings.ReplaceAll(right, changes[i], changes[i+1])
	}
	file := templatefile.File{Path: filepath.Join(t.TempDir(), "app.yaml"), Stack: "App", Region: "us-east-1"}
	if err := os.WriteFile(file.Path, []byte(right), 0o644); err != nil {
		t.Fatal(err)
	}
	log, _ := logtest.New()
	edge, err := local.Source{Templates: []templatefile.File{file}}.Open(options, log)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(edge)
	t.Cleanup(func() {
		server.Close()
		if err := edge.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL
}

func TestCheck_of_a_URL_says_what_its_responses_mean(t *testing.T) {
	const function = "ZipFile: 'exports.handler = async () => ({ statusCode: 200 })'"
	answering := func(body string) []string {
		return []string{function, "ZipFile: 'exports.handler = async () => { " + body + " }'"}
	}
	var get, post, hashed = "GET", "POST without a hash", "POST with its hash"
	tests := map[string]struct {
		changes []string
		origins map[string]string
		means   map[string]string // the beginning, by the case; "" if it passes
	}{
		"nothing wrong": {nil, nil, map[string]string{get: "", "HEAD": "", "OPTIONS": "", post: "", hashed: ""}},
		"a missing permission": {[]string{"Action: lambda:InvokeFunction\n", "Action: lambda:GetFunction\n"}, nil,
			map[string]string{get: "the function URL refuses CloudFront", hashed: "the function URL refuses CloudFront"}},
		"nothing that signs": {[]string{"            OriginAccessControlId: !Ref Control\n", ""}, nil, map[string]string{get: "the function URL refuses CloudFront"}},
		"the viewer's Host":  {[]string{"b689b0a8-53d0-40ab-baf2-68738e2966ac", "216adef6-5c7f-47e4-b989-5492eafa07d3"}, nil, map[string]string{get: "the function URL refuses CloudFront"}},
		"bodies without a hash": {[]string{"LambdaFunctionAssociations:", "FunctionAssociations: []", "            - EventType: origin-request\n              IncludeBody: true\n              LambdaFunctionARN: !Ref HasherVersion\n", ""}, nil,
			map[string]string{get: "", post: "the body has no hash", hashed: ""}},
		"wrong hashes": {[]string{".digest('hex')", ".digest('hex').replaceAll('a', 'b')"}, nil,
			map[string]string{post: "the body has no hash", hashed: "the signature doesn't match though the viewer sent a hash"}},
		"no POST": {[]string{"[GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]", "[GET, HEAD]"}, nil,
			map[string]string{get: "", "OPTIONS": "CloudFront doesn't pass the request on", post: "CloudFront doesn't pass the request on"}},
		"a hasher that fails":           {[]string{"return request\n", "throw new Error('no')\n"}, nil, map[string]string{get: "a Lambda@Edge function failed"}},
		"a hasher of an invalid result": {[]string{"return request\n", "return { status: 'no' }\n"}, nil, map[string]string{get: "a Lambda@Edge function"}},
		"a function that fails":         {answering("throw new Error(0)"), nil, map[string]string{get: "the function failed before its first byte"}},
		"a function that takes too long": {append(answering("await new Promise(() => setTimeout(() => {}, 9000))"), "OriginProtocolPolicy: https-only", "OriginProtocolPolicy: https-only, OriginReadTimeout: 1",
			"            CustomOriginConfig", "            ConnectionAttempts: 1\n            CustomOriginConfig", "Role: arn", "Timeout: 20\n      Role: arn"), nil,
			map[string]string{get: "the origin sent nothing within its read timeout"}},
		"an origin that doesn't run":    {nil, map[string]string{"handler": "http://" + porttest.Reserve(t).Address()}, map[string]string{get: "CloudFront got no usable response"}},
		"a page that isn't there":       {answering("return { statusCode: 404 }"), nil, map[string]string{get: "", post: ""}},
		"an app that refuses by itself": {answering("return { statusCode: 403 }"), nil, map[string]string{get: ""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url := serveChanged(t, build.Options{Origins: test.origins}, test.changes...)
			var stdout, stderr strings.Builder
			code := run(t.Context(), []string{"check", "--json", "--timeout", "10s", url}, &stdout, &stderr)
			var report smoke.Report
			if err := json.Unmarshal([]byte(stdout.String()), &report); err != nil {
				t.Fatalf("%v: %s%s", err, &stdout, &stderr)
			}
			if (code == 0) != (report.Failed == 0) || stderr.Len() > 0 || len(report.Cases) != 6 {
				t.Errorf("got the exit code %d, %d of %d cases failed, and %q", code, report.Failed, len(report.Cases), &stderr)
			}
			for _, got := range report.Cases {
				want, ok := test.means[got.Name]
				if ok && (!strings.HasPrefix(got.Means, want) || (got.Means == "") != (want == "") || (got.Verdict == smoke.Failed) != (want != "")) {
					t.Errorf("%s: got %s, %s, which means %q, want %q", got.Name, got.Verdict, got.Got, got.Means, want)
				}
			}
		})
	}
}

// Package viewer tests the steps of an endpoint at viewer-request: it synthesizes
// the app in directory app and sends requests to `cloudfurl local`.
package viewer

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// synthesize returns the assembly of the app.
func synthesize(t *testing.T) string {
	t.Helper()
	assembly := filepath.Join(t.TempDir(), "cdk.out")
	context, err := json.Marshal(map[string]string{"cloudfurl:goos": runtime.GOOS, "cloudfurl:goarch": runtime.GOARCH, "@aws-cdk/core:enablePathMetadata": "true"})
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"CDK_OUTDIR=" + assembly, "CDK_CONTEXT_JSON=" + string(context)}
	if err := localtest.Run(filepath.Join("..", ".."), env, "go", "run", "./test/viewer/app"); err != nil {
		t.Fatal(err)
	}
	return assembly
}

// get sends a GET with header fields and returns the response and its body.
func get(t *testing.T, url string, header ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestViewerRequest_runs_on_the_local_edge(t *testing.T) {
	edge := localtest.Serve(t, localtest.Build(t), synthesize(t))
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("preview:open sesame"))
	_, hosts := get(t, edge.URL, "Host", "unknown.example.com")
	defaultDomain := regexp.MustCompile(`[a-z0-9]+\.cloudfront\.net`).FindString(hosts)

	for name, test := range map[string]struct {
		path   string
		header []string
		status int
		want   string // in the body, or the Location
		not    string
	}{
		"a request":                    {"/inspect", []string{"Cookie", "group=b"}, 200, `"X-Group":["b"]`, "forged.example.com"},
		"a redirect":                   {"/old", nil, 301, "/new", ""},
		"another behavior":             {"/read/more", nil, 404, "nothingat/read/more", ""},
		"a static file":                {"/assets/index-BkDeRt1_.js", nil, 200, "", ""},
		"a redirected file":            {"/assets/old.css", nil, 301, "/assets/new.css", ""},
		"a file of the default domain": {"/assets/index-BkDeRt1_.js", []string{"Host", defaultDomain}, 403, `"code":"default_domain"`, ""},
		"the canonical host":           {"/inspect", []string{"Host", "example.com"}, 301, "https://www.example.com/inspect", ""},
		"a password":                   {"/preview", []string{"Authorization", basic}, 404, "", basic},
		"no password":                  {"/preview", nil, 401, "", ""},
		"another password":             {"/preview", []string{"Authorization", "Basic b3BlbjpzZXNhbWU="}, 401, "", ""},
		"the default domain":           {"/inspect", []string{"Host", defaultDomain}, 403, `"code":"default_domain"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			response, body := get(t, edge.URL+test.path, test.header...)
			got := strings.ReplaceAll(body, " ", "") + response.Header.Get("Location")
			if response.StatusCode != test.status || !strings.Contains(got, test.want) || test.not != "" && strings.Contains(got, test.not) {
				t.Errorf("got %d %s %.500s, want %d with %s and without %q", response.StatusCode, response.Header.Get("Location"), body, test.status, test.want, test.not)
			}
		})
	}
	if log := edge.Log(); strings.Contains(log, "rejects requests with a body") {
		t.Errorf("got the log %s, want no warning about bodies, which the function explains", log)
	}
	t.Run("a body without its hash", func(t *testing.T) {
		response, err := http.Post(edge.URL+"/echo", "text/plain", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode != 411 || !strings.Contains(string(body), "body_hash_missing") {
			t.Errorf("got %d %s (%v), want 411", response.StatusCode, body, err)
		}
	})
}

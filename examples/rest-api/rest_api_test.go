package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestRestApi_synthesizes_and_serves(t *testing.T) {
	assembly := localtest.Synthesize(t)
	t.Run("is one stack without Lambda@Edge and without the key", func(t *testing.T) {
		templates, _ := filepath.Glob(filepath.Join(assembly, "*.template.json"))
		if len(templates) != 1 {
			t.Fatalf("got %v, want one stack", templates)
		}
		data, err := os.ReadFile(templates[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(data), "{{resolve:secretsmanager:"); got != 2 || strings.Contains(string(data), "LambdaFunctionAssociations") {
			t.Errorf("got %d references to the key, want those of the API and of the distribution: %s", got, data)
		}
	})
	edge := localtest.Serve(t, localtest.Build(t), assembly)
	host := strings.TrimPrefix(edge.URL, "http://")
	t.Run("streams and takes a POST", func(t *testing.T) {
		for method, got := range map[string]string{
			"GET":  localtest.Stream(t, edge.URL+"/?name=Ada", 300*time.Millisecond),
			"POST": localtest.Post(t, edge.URL+"/greetings/", "name=Ada"),
		} {
			if want := "hello Ada, this is " + host + "\n" + method + " /"; !strings.HasPrefix(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	})
	t.Run("keeps Authorization and renames WWW-Authenticate", func(t *testing.T) {
		if status, header, body := get(t, edge.URL+"/private", "Authorization", "Bearer mine"); status != http.StatusOK || !strings.HasSuffix(body, "Authorization: Bearer mine\n") {
			t.Errorf("got %d %v %s", status, header, body)
		}
		if status, header, body := get(t, edge.URL+"/private"); status != http.StatusUnauthorized || header.Get("X-Amzn-Remapped-Www-Authenticate") != "Bearer" {
			t.Errorf("got %d %v %s", status, header, body)
		}
	})
	t.Run("keeps out who gets around the distribution", func(t *testing.T) {
		api := regexp.MustCompile(`http://127\.0\.0\.1:\d+/prod/`).FindString(edge.Banner)
		if status, _, body := get(t, api); status != http.StatusForbidden || body != `{"message":"Forbidden"}` {
			t.Errorf("%s: got %d %s", api, status, body)
		}
		key := regexp.MustCompile(`x-api-key: (\S+)`).FindStringSubmatch(edge.Banner)
		if key == nil {
			t.Fatalf("got banner %s, want the key that is made up", edge.Banner)
		}
		if status, _, body := get(t, api, "x-api-key", key[1]); status != http.StatusOK || !strings.Contains(body, "GET /\n") {
			t.Errorf("%s with the key: got %d %s", api, status, body)
		}
	})
}

// get sends a request with headers, given as names and values.
func get(t *testing.T, url string, headers ...string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(body)
}

package e2e

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// send sends a request and returns the response and its body.
func send(t *testing.T, method, url string, body []byte, header ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	// Some resolvers don't resolve names below localhost.
	if host := request.URL.Hostname(); strings.HasSuffix(host, ".localhost") {
		request.Host, request.URL.Host = request.URL.Host, net.JoinHostPort("127.0.0.1", request.URL.Port())
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, content
}

func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func random(t *testing.T, size int) []byte {
	t.Helper()
	body := make([]byte, size)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	return body
}

func TestPath_streams_line_by_line(t *testing.T) {
	e := serve(t, built.assembly)
	response, err := http.Get(e.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if got := response.Header.Get("X-AggregateInfo-Result"); got != "OK" {
		t.Errorf("got X-AggregateInfo-Result %q, want OK", got)
	}
	if got, want := "http://"+response.Header.Get("X-Request-Host"), e.URL; got != want {
		t.Errorf("got X-Request-Host of %s, want %s", got, want)
	}
	// The stream takes about 1.4 s.
	lines := strings.Split(localtest.Stream(t, e.URL+"/", 700*time.Millisecond), "\n")
	want := []string{
		`{"event":"start","message":"streaming begin"}`,
		`{"event":"data","index":0,"token":"Hello"}`,
		`{"event":"data","index":1,"token":" "}`,
		`{"event":"data","index":2,"token":"World"}`,
		`{"event":"data","index":3,"token":"!"}`,
		`{"event":"end","message":"done"}`,
		"",
	}
	if !slices.Equal(lines, want) {
		t.Fatalf("got lines %q, want %q", lines, want)
	}
}

func TestPath_preserves_the_viewers_identity(t *testing.T) {
	e := serve(t, built.assembly)
	response, got := send(t, http.MethodPost, e.URL+"/inspect?q=a%2Fb+c&e=", []byte("x"),
		"Authorization", "Bearer token",
		"X-Original-Host", "spoofed.example.com",
		"Accept-Encoding", "gzip",
		"Cookie", "a=1; b=2",
	)
	var seen struct {
		Method, RawQuery, Host string
		Headers                http.Header
		Cookies                []any
		BodyLength             int
	}
	if err := json.Unmarshal(got, &seen); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	host := strings.TrimPrefix(e.URL, "http://")
	if seen.Method != http.MethodPost || seen.RawQuery != "q=a%2Fb+c&e=" || seen.Host != host || seen.BodyLength != 1 || len(seen.Cookies) != 2 {
		t.Errorf("got %+v", seen)
	}
	if got := seen.Headers.Get("X-Original-Host"); got != host {
		t.Errorf("got X-Original-Host %s, want the viewer's %s", got, host)
	}
	if got := seen.Headers.Get("Authorization"); got != "Bearer token" {
		t.Errorf("got Authorization %q, want the viewer's", got)
	}
	if got := seen.Headers.Get("Accept-Encoding"); got != "" {
		t.Errorf("got Accept-Encoding %q, want none on a stream", got)
	}
	if got := response.Header.Values("Set-Cookie"); len(got) != 2 {
		t.Errorf("got Set-Cookie %q, want two", got)
	}
}

func TestPath_rejects_requests_that_bypass_CloudFront(t *testing.T) {
	e := serve(t, built.assembly)
	response, got := send(t, http.MethodGet, e.FunctionURL+"/", nil)
	const want = `{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}`
	if response.StatusCode != http.StatusForbidden || string(got) != want {
		t.Errorf("got %d %s, want 403 %s", response.StatusCode, got, want)
	}
}

func TestPath_needs_both_permissions(t *testing.T) {
	for _, action := range []string{"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} {
		t.Run("without "+action, func(t *testing.T) {
			e := serve(t, changed(t, "Cloudfurl", func(resources map[string]any) {
				for id, value := range resources {
					properties, _ := value.(map[string]any)["Properties"].(map[string]any)
					if properties["Action"] == action {
						delete(resources, id)
					}
				}
			}))
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				response, got := send(t, method, e.URL+"/inspect", nil)
				if response.StatusCode != http.StatusForbidden || !strings.Contains(string(got), "urls-auth.html") {
					t.Errorf("%s: got %d %s, want AWS's 403", method, response.StatusCode, got)
				}
			}
			e.WaitForLog(t, action)
		})
	}
}

func TestPath_serves_many_viewers_concurrently(t *testing.T) {
	e := serve(t, built.assembly)
	failures := make(chan error, 40)
	for i := range cap(failures) {
		go func() {
			body := []byte(fmt.Sprintf("viewer %d", i))
			response, err := http.Post(e.URL+"/echo", "text/plain", bytes.NewReader(body))
			if err != nil {
				failures <- err
				return
			}
			defer response.Body.Close()
			got, err := io.ReadAll(response.Body)
			if err == nil && !bytes.Equal(got, body) {
				err = fmt.Errorf("got %d %q, want %q", response.StatusCode, got, body)
			}
			failures <- err
		}()
	}
	for range cap(failures) {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}

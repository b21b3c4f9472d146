package e2e

import (
	"bufio"
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
	// The first request may start a process.
	send(t, http.MethodGet, e.URL+"/inspect", nil)

	begin := time.Now()
	response, err := http.Get(e.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var lines []string
	var came []time.Duration
	for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		came = append(came, time.Since(begin))
	}
	want := []string{
		`{"event":"start","message":"streaming begin"}`,
		`{"event":"data","index":0,"token":"Hello"}`,
		`{"event":"data","index":1,"token":" "}`,
		`{"event":"data","index":2,"token":"World"}`,
		`{"event":"data","index":3,"token":"!"}`,
		`{"event":"end","message":"done"}`,
	}
	if !slices.Equal(lines, want) {
		t.Fatalf("got lines %q, want %q", lines, want)
	}
	if first, last := came[0], came[len(came)-1]; last-first < 700*time.Millisecond {
		t.Errorf("got the first line after %v and the last after %v, want about 1.4 s between them", first, last)
	}
	if got := response.Header.Get("X-AggregateInfo-Result"); got != "OK" {
		t.Errorf("got X-AggregateInfo-Result %q, want OK", got)
	}
	if got, want := "http://"+response.Header.Get("X-Request-Host"), e.URL; got != want {
		t.Errorf("got X-Request-Host of %s, want %s", got, want)
	}
}

func TestPath_carries_every_body_unchanged(t *testing.T) {
	e := serve(t, built.assembly)
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for name, body := range map[string][]byte{
		"empty":           {},
		"one byte":        {0},
		"every byte":      every,
		"text":            []byte("größer als 1 €\r\n"),
		"1 MB less 1":     random(t, 1<<20-1),
		"1 MB":            random(t, 1<<20),
		"invalid UTF-8":   {0xff, 0xfe, 0xc3, 0x28},
		"looks like hash": []byte(hash(nil)),
	} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			t.Run(method+" "+name, func(t *testing.T) {
				response, got := send(t, method, e.URL+"/echo", body)
				if response.StatusCode != http.StatusOK {
					t.Fatalf("got status %d and %q, want 200", response.StatusCode, got)
				}
				if !bytes.Equal(got, body) {
					t.Errorf("got %d different bytes back, want the %d that were sent", len(got), len(body))
				}
				if got := response.Header.Get("X-Body-Sha256"); got != hash(body) {
					t.Errorf("got X-Body-Sha256 %s, want %s", got, hash(body))
				}
			})
		}
	}
}

func TestPath_accepts_a_large_body_only_with_its_hash(t *testing.T) {
	e := serve(t, built.assembly)
	for name, size := range map[string]int{"1 MB and 1": 1<<20 + 1, "3 MB": 3 << 20} {
		t.Run(name, func(t *testing.T) {
			body := random(t, size)
			response, got := send(t, http.MethodPost, e.URL+"/echo", body)
			var problem struct{ Error, Message, Limit, Remedy string }
			if err := json.Unmarshal(got, &problem); err != nil {
				t.Fatalf("got %q, want JSON: %v", got, err)
			}
			if response.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(problem.Remedy, "x-amz-content-sha256") {
				t.Errorf("got %d %+v, want 413 and a remedy", response.StatusCode, problem)
			}
			response, got = send(t, http.MethodPost, e.URL+"/echo", body, "x-amz-content-sha256", hash(body))
			if response.StatusCode != http.StatusOK || !bytes.Equal(got, body) {
				t.Errorf("got %d and %d bytes, want 200 and the body", response.StatusCode, len(got))
			}
			response, got = send(t, http.MethodPost, e.URL+"/echo", body, "x-amz-content-sha256", hash(nil))
			if response.StatusCode != http.StatusForbidden || response.Header.Get("X-Amzn-Errortype") != "InvalidSignatureException" {
				t.Errorf("with a wrong hash: got %d %s, want Lambda's 403 InvalidSignatureException", response.StatusCode, got)
			}
		})
	}
}

func TestPath_rejects_a_body_that_does_not_match_its_hash(t *testing.T) {
	e := serve(t, built.assembly)
	response, got := send(t, http.MethodPost, e.URL+"/echo", []byte("changed"), "x-amz-content-sha256", hash([]byte("original")))
	if response.StatusCode != http.StatusBadRequest || !json.Valid(got) {
		t.Errorf("got %d %s, want 400 in JSON", response.StatusCode, got)
	}
	response, got = send(t, http.MethodPost, e.URL+"/echo", []byte("body"), "x-amz-content-sha256", "UNSIGNED-PAYLOAD")
	if response.StatusCode != http.StatusOK || string(got) != "body" {
		t.Errorf("with UNSIGNED-PAYLOAD: got %d %s, want the body back", response.StatusCode, got)
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
			if log := e.Log(); !strings.Contains(log, action) {
				t.Errorf("got the log %q, want it to name the missing %s", log, action)
			}
		})
	}
}

func TestPath_without_IncludeBody_rejects_bodies(t *testing.T) {
	e := serve(t, changed(t, "Cloudfurl", func(resources map[string]any) {
		for _, value := range resources {
			properties, _ := value.(map[string]any)["Properties"].(map[string]any)
			config, ok := properties["DistributionConfig"].(map[string]any)
			if !ok {
				continue
			}
			behavior := config["DefaultCacheBehavior"].(map[string]any)
			behavior["LambdaFunctionAssociations"].([]any)[0].(map[string]any)["IncludeBody"] = false
		}
	}))
	response, got := send(t, http.MethodPost, e.URL+"/echo", []byte("body"))
	if response.StatusCode != http.StatusLengthRequired || !json.Valid(got) {
		t.Errorf("got %d %s, want body_hasher's 411 in JSON", response.StatusCode, got)
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

package lambda

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A fakeRuntime speaks the Runtime API from the test itself, while the process
// only tells where it is.
type fakeRuntime struct {
	t   *testing.T
	url string
}

// newSilentFunction returns a function whose processes only tell where the Runtime
// API is.
func newSilentFunction(t *testing.T, change func(*Config)) (*Function, *record) {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\necho \"api $AWS_LAMBDA_RUNTIME_API\"\nexec sleep 60\n"
	if err := os.WriteFile(filepath.Join(dir, "bootstrap"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return newFunction(t, custom(func(c *Config) {
		c.CodeDir = dir
		if change != nil {
			change(c)
		}
	}))
}

func newFakeRuntime(t *testing.T, change func(*Config)) (*Function, *record, *fakeRuntime) {
	t.Helper()
	f, log := newSilentFunction(t, change)
	go f.Start(context.Background())
	return f, log, runtimeOf(t, log)
}

// runtimeOf waits for the first process.
func runtimeOf(t *testing.T, log *record) *fakeRuntime {
	t.Helper()
	eventually(t, "the process says where the API is", func() bool { return log.find("api ") != nil })
	return &fakeRuntime{t: t, url: "http://" + strings.TrimPrefix(log.find("api ")["msg"].(string), "api ")}
}

// do sends a request and returns the status and the errorType of the response.
func (r *fakeRuntime) do(method, path, body string, headers ...string) (int, http.Header, string) {
	r.t.Helper()
	request, err := http.NewRequest(method, r.url+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	content, _ := io.ReadAll(response.Body)
	var document struct{ ErrorType, Status string }
	json.Unmarshal(content, &document)
	if response.StatusCode == http.StatusOK {
		return response.StatusCode, response.Header, string(content)
	}
	return response.StatusCode, response.Header, document.ErrorType + document.Status
}

const invocationPath = "/2018-06-01/runtime/invocation/"

type outcome struct {
	body string
	err  error
}

func start(f *Function, id string) chan outcome {
	result := make(chan outcome, 1)
	go func() {
		response, err := f.Invoke(context.Background(), JSON(`{"n":1}`), InvokeOptions{RequestID: id})
		if err != nil {
			result <- outcome{err: err}
			return
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		result <- outcome{string(body), err}
	}()
	return result
}

// fetch asks for the next event, ahead of the request that brings it.
func (r *fakeRuntime) fetch(f *Function, id string) chan outcome {
	r.t.Helper()
	type next struct {
		status int
		header http.Header
		event  string
	}
	got := make(chan next, 1)
	go func() {
		status, header, event := r.do("GET", invocationPath+"next", "")
		got <- next{status, header, event}
	}()
	eventually(r.t, "the runtime waits for an event", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.idle) == 1
	})
	result := start(f, id)
	n := <-got
	if n.status != 200 || n.event != `{"n":1}` || n.header.Get("Lambda-Runtime-Aws-Request-Id") != id || n.header.Get("Content-Type") != "application/json" ||
		n.header.Get("Lambda-Runtime-Invoked-Function-Arn") == "" || n.header.Get("Lambda-Runtime-Trace-Id") == "" || n.header.Get("Lambda-Runtime-Deadline-Ms") == "" {
		r.t.Fatalf("next: %+v", n)
	}
	return result
}

func (r *fakeRuntime) want(what string, status int, body string, gotStatus int, gotBody string) {
	r.t.Helper()
	if status != gotStatus || body != gotBody {
		r.t.Errorf("%s: %d %s, want %d %s", what, gotStatus, gotBody, status, body)
	}
}

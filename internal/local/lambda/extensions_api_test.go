package lambda

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

const extensionPath = "/2020-01-01/extension/"

func TestExtensionsAPI_registers_internal_extensions(t *testing.T) {
	_, log, r := newFakeRuntime(t, nil)
	status, header, body := r.do("POST", extensionPath+"register", `{"events":null}`, "Lambda-Extension-Name", "quiet")
	r.want("a quiet extension", 200, `{"functionName":"Greeter","functionVersion":"$LATEST","handler":""}`, status, body)
	id := header.Get("Lambda-Extension-Identifier")
	if len(id) != 36 {
		t.Errorf("identifier %q", id)
	}
	status, _, body = r.do("POST", extensionPath+"register", `{"events":["INVOKE"]}`, "Lambda-Extension-Name", "curious")
	r.want("one that wants invocations", 200, `{"functionName":"Greeter","functionVersion":"$LATEST","handler":""}`, status, body)
	for _, test := range []struct {
		what, path, body string
		headers          []string
		want             string
	}{
		{"without a name", "register", `{}`, nil, "Extension.InvalidExtensionName"},
		{"no JSON", "register", `events`, []string{"Lambda-Extension-Name", "x"}, "InvalidRequestFormat"},
		{"an unknown event", "register", `{"events":["RESTORE"]}`, []string{"Lambda-Extension-Name", "x"}, "Extension.InvalidEventType"},
		{"an internal one that wants the shutdown", "register", `{"events":["SHUTDOWN"]}`, []string{"Lambda-Extension-Name", "x"}, "Extension.InvalidEventType"},
		{"twice", "register", `{}`, []string{"Lambda-Extension-Name", "quiet"}, "Extension.InvalidExtensionState"},
		{"an error without its id", "init/error", `{}`, nil, "Extension.UnknownExtensionIdentifier"},
		{"an error of an unknown one", "init/error", `{}`, []string{"Lambda-Extension-Identifier", NewRequestID()}, "Extension.UnknownExtensionIdentifier"},
	} {
		status, _, body := r.do("POST", extensionPath+test.path, test.body, test.headers...)
		r.want(test.what, 403, test.want, status, body)
	}
	if line := log.find("rejected the extension x"); line == nil || !strings.Contains(line["cause"].(string), "RESTORE") {
		t.Errorf("logged %v", line)
	}
}

func TestExtensionsAPI_has_no_telemetry_and_says_so(t *testing.T) {
	_, log, r := newFakeRuntime(t, nil)
	_, header, _ := r.do("POST", extensionPath+"register", `{}`, "Lambda-Extension-Name", "logs")
	for path, want := range map[string]string{"/2022-07-01/telemetry": "Telemetry", "/2020-08-15/logs": "Logs"} {
		status, _, body := r.do("PUT", path, `{}`, "Lambda-Extension-Identifier", header.Get("Lambda-Extension-Identifier"))
		r.want(path, 202, want+".NotSupported", status, body)
		if log.find("the extension logs gets nothing from the "+want+" API") == nil {
			t.Errorf("the log doesn't name the %s API", want)
		}
	}
}

// ask asks for a next event, which comes with the header Event-Identifier as "(id)".
func (r *fakeRuntime) ask(path string, headers ...string) chan map[string]any {
	got := make(chan map[string]any, 1)
	go func() {
		request, _ := http.NewRequest("GET", r.url+path, nil)
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			got <- map[string]any{"error": err.Error()}
			return
		}
		defer response.Body.Close()
		event := map[string]any{"(id)": response.Header.Get("Lambda-Extension-Event-Identifier")}
		json.NewDecoder(response.Body).Decode(&event)
		got <- event
	}()
	return got
}

func (r *fakeRuntime) nextEvent(id string) chan map[string]any {
	return r.ask(extensionPath+"event/next", "Lambda-Extension-Identifier", id)
}

func TestExtensionsAPI_ends_an_invocation_when_the_extensions_are_done(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	_, header, _ := r.do("POST", extensionPath+"register", `{"events":["INVOKE"]}`, "Lambda-Extension-Name", "watcher")
	id := header.Get("Lambda-Extension-Identifier")
	waiting := func(n int) func() bool {
		return func() bool { f.mu.Lock(); defer f.mu.Unlock(); return len(f.idle) == n }
	}
	next := r.ask("/2018-06-01/runtime/invocation/next")
	time.Sleep(50 * time.Millisecond)
	if waiting(1)() {
		t.Error("the environment is ready before the extension is")
	}
	event := r.nextEvent(id)
	eventually(t, "the environment is ready", waiting(1))

	result := start(f, "one")
	got := <-event
	tracing, _ := got["tracing"].(map[string]any)
	deadline, _ := got["deadlineMs"].(float64)
	if got["eventType"] != "INVOKE" || got["requestId"] != "one" || got["invokedFunctionArn"] != f.config.ARN || got["(id)"] == "" ||
		tracing["type"] != "X-Amzn-Trace-Id" || tracing["value"] == "" || time.UnixMilli(int64(deadline)).Before(time.Now()) {
		t.Errorf("the extension got %v", got)
	}
	if got := <-next; got["n"] != 1.0 {
		t.Errorf("the runtime got %v", got)
	}
	r.do("POST", invocationPath+"one/response", "done")
	if got := <-result; got.body != "done" {
		t.Errorf("the caller got %+v", got)
	}
	next = r.ask("/2018-06-01/runtime/invocation/next")
	time.Sleep(50 * time.Millisecond)
	if waiting(1)() {
		t.Error("the environment is idle before the extension is done")
	}
	event = r.nextEvent(id)
	eventually(t, "the environment is idle", waiting(1))
	f.Close()
	if got := <-event; got["error"] == nil {
		t.Errorf("the internal extension got %v", got)
	}
	<-next
}

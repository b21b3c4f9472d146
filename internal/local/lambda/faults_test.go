package lambda

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

func TestFault_handler_exits_at_start(t *testing.T) {
	f, log := newFunction(t, custom(func(c *Config) { c.Environment = map[string]string{"INIT": "exit"} }))
	for n := 1; n <= 2; n++ {
		failure := invokeError(t, f, `{"do":"echo"}`)
		const want = "Runtime exited with error: exit status 3"
		if failure.Type != "Runtime.ExitError" || failure.Message != want {
			t.Errorf("got %+v", failure)
		}
		if started := log.count("no configuration found"); started != n {
			t.Errorf("after %d requests the process had started %d times", n, started)
		}
	}
	line := log.find("Runtime exited")
	if line["cause"] == nil || line["hint"] == nil || line["level"] != "ERROR" {
		t.Errorf("logged %v, want a cause and a hint", line)
	}
	if err := f.Start(context.Background()); err == nil || !strings.HasPrefix(err.Error(), "Runtime.ExitError: Runtime exited with error: exit status 3; the function's process exited before") {
		t.Errorf("Start: %v", err)
	}
}

func TestFault_handler_hangs_at_start(t *testing.T) {
	f, log := newFunction(t, custom(func(c *Config) {
		c.Environment = map[string]string{"INIT": "hang"}
		c.Timeout = time.Second
	}))
	f.initLimit = 10 * time.Millisecond
	failure := invokeError(t, f, `{"do":"echo"}`)
	if failure.Type != "Sandbox.Timedout" || !strings.HasSuffix(failure.Message, "Task timed out after 1.00 seconds") {
		t.Errorf("got %+v", failure)
	}
	if log.find("the init phase takes longer than 10ms") == nil {
		t.Error("the log doesn't say what AWS would do")
	}
}

func TestFault_handler_starts_slowly(t *testing.T) {
	f, log := newFunction(t, custom(func(c *Config) {
		c.Environment = map[string]string{"INIT": "slow"}
		c.Timeout = time.Minute
	}))
	f.initLimit = time.Millisecond
	if response, body := invoke(t, f, `{"do":"echo","text":"late"}`); body != "late" || response.Environment != "Greeter#1" {
		t.Errorf("%q from %+v", body, response)
	}
	if log.find("the init phase takes longer than 1ms") == nil {
		t.Error("the log doesn't say what AWS would do")
	}
}

func TestFault_is_an_event_unless_the_line_of_the_request_says_it(t *testing.T) {
	f, log := newFunction(t, custom(nil))
	tr := trace.NewLog(0).Begin(httptest.NewRequest(http.MethodGet, "/", nil))
	ctx := trace.NewContext(t.Context(), tr)
	fail := func(event string) {
		if _, err := f.Invoke(ctx, JSON(event), InvokeOptions{Trace: tr}); fault.HintOf(err) == "" {
			t.Errorf("%s: got %v, want an error with a hint", event, err)
		}
	}
	fail(`{"do":"error","text":"no luck"}`)
	fail(`{"do":"exit"}`)
	if line := log.failure(); line != nil {
		t.Errorf("logged %v", line)
	}
	tr.End(false) // the viewer has left, say
	fail(`{"do":"error","text":"no luck"}`)
	if line := log.failure(); line == nil || line["level"] != "ERROR" || line["hint"] == "" {
		t.Errorf("logged %v", line)
	}
}

func TestFault_handler_fails_before_the_first_byte(t *testing.T) {
	for _, test := range []struct {
		event, wantType, wantMessage string
		reused                       bool
	}{
		{`{"do":"error","text":"no luck"}`, "errorString", "no luck", true},
		{`{"do":"error-first","text":"no luck"}`, "errorString", "no luck", true},
		{`garbage`, "SyntaxError", "invalid character 'g' looking for beginning of value", true},
		{`{"do":"panic","text":"oh no"}`, "string", "oh no", false},
		{`{"do":"exit","size":1}`, "Runtime.ExitError", "Runtime exited with error: exit status 1", false},
		{`{"do":"exit","size":0}`, "Runtime.ExitError", "Runtime exited without providing a reason", false},
		{`{"do":"kill"}`, "Runtime.ExitError", "Runtime exited with error: signal: killed", false},
	} {
		t.Run(test.event, func(t *testing.T) {
			f, log := newFunction(t, custom(nil))
			failure := invokeError(t, f, test.event)
			message := failure.Message
			if failure.Type != test.wantType || message != test.wantMessage {
				t.Errorf("got %+v", failure)
			}
			next, body := invoke(t, f, `{"do":"echo","text":"fine"}`)
			if body != "fine" || next.Cold == test.reused {
				t.Errorf("the next request: %q, cold %v", body, next.Cold)
			}
			if strings.Contains(test.event, "exit") && (log.find("last words") == nil || log.find("and some without an end") == nil) {
				t.Error("the last lines of the process are lost")
			}
		})
	}
}

func TestFault_handler_fails_after_the_first_byte(t *testing.T) {
	for _, test := range []struct{ event, wantType, wantMessage string }{
		{`{"do":"stream-error"}`, "errorString", "half way"},
		{`{"do":"stream-exit","text":"GATE"}`, "Runtime.ExitError", "Runtime exited with error: exit status 2"},
		{`{"do":"stream-hang"}`, "Sandbox.Timedout", "Task timed out after 1.00 seconds"},
	} {
		t.Run(test.event, func(t *testing.T) {
			f, log := newFunction(t, custom(func(c *Config) { c.Timeout = time.Second }))
			gate, open := newGate(t)
			event := strings.Replace(test.event, "GATE", gate, 1)
			response, err := f.Invoke(context.Background(), JSON(event), InvokeOptions{RequestID: "ID"})
			if err != nil {
				t.Fatal(err)
			}
			body := make([]byte, len("begun"))
			if _, err := io.ReadFull(response.Body, body); err != nil || string(body) != "begun" {
				t.Errorf("got %q, %v, want what was written before", body, err)
			}
			open()
			rest, err := io.ReadAll(response.Body)
			response.Body.Close()
			var failure *FunctionError
			if !errors.As(err, &failure) || failure.Type != test.wantType || failure.Message != test.wantMessage {
				t.Errorf("the stream ended with %+v", err)
			}
			if len(rest) > 0 {
				t.Errorf("got %q after what was written", rest)
			}
			eventually(t, "an error in the log", func() bool { return log.failure() != nil })
			if _, body := invoke(t, f, `{"do":"echo","text":"fine"}`); body != "fine" {
				t.Errorf("the next request: %q", body)
			}
		})
	}
}

func TestFault_handler_exceeds_its_timeout(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.Timeout = time.Second }))
	_, pid := invoke(t, f, `{"do":"sleep"}`)
	var process int
	fmt.Sscan(pid, &process)
	start := time.Now()
	failure := invokeError(t, f, `{"do":"sleep","ms":60000}`)
	if took := time.Since(start); took < time.Second || took > 20*time.Second {
		t.Errorf("timed out after %v", took)
	}
	if failure.Type != "Sandbox.Timedout" || failure.Message != "Task timed out after 1.00 seconds" {
		t.Errorf("got %+v", failure)
	}
	eventually(t, "the process is gone", func() bool { return gone(process) })
	if response, _ := invoke(t, f, `{"do":"echo"}`); !response.Cold {
		t.Error("the next request met the old environment")
	}
}

func TestFault_process_ends_between_two_requests(t *testing.T) {
	f, log := newFunction(t, custom(nil))
	gate, exit := newGate(t)
	invoke(t, f, fmt.Sprintf(`{"do":"exit-later","text":%q}`, gate))
	eventuallyIdle(t, f, 1)
	exit()
	eventually(t, "a warning", func() bool { return log.find("exited while idle") != nil })
	if response, body := invoke(t, f, `{"do":"echo","text":"fine"}`); body != "fine" || !response.Cold {
		t.Errorf("%q from %+v", body, response)
	}
}

func TestFault_runtime_that_never_takes_an_event_starts_few_processes(t *testing.T) {
	need(t, "curl")
	dir := t.TempDir()
	script := "#!/bin/sh\ncurl -s -m 0.05 http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next >/dev/null & sleep 0.03; exit 6\n"
	os.WriteFile(filepath.Join(dir, "bootstrap"), []byte(script), 0o700)
	f, _ := newFunction(t, custom(func(c *Config) { c.CodeDir = dir }))
	if failure := invokeError(t, f, `{}`); failure.Type != "Runtime.ExitError" {
		t.Errorf("got %+v", failure)
	}
	if f.numbered > 2 {
		t.Errorf("%d processes for one request", f.numbered)
	}
}

func TestFault_bootstrap_vanishes(t *testing.T) {
	dir := t.TempDir()
	bootstrap := filepath.Join(dir, "bootstrap")
	os.WriteFile(bootstrap, []byte("#!/bin/sh\n"), 0o700)
	f, _ := newFunction(t, custom(func(c *Config) { c.CodeDir = dir }))
	os.Remove(bootstrap)
	failure := invokeError(t, f, `{}`)
	if failure.Type != "Runtime.InvalidEntrypoint" || !strings.Contains(failure.Message, "no such file") {
		t.Errorf("got %+v", failure)
	}
	var startFailure *FunctionError
	if err := f.Start(context.Background()); !errors.As(err, &startFailure) || startFailure.Type != "Runtime.InvalidEntrypoint" {
		t.Errorf("Start: %v", err)
	}
}

func TestFault_response_is_too_large(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	response, err := f.Invoke(context.Background(), JSON(`{"do":"big","size":100000}`), InvokeOptions{MaxResponse: 60000})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	var failure *FunctionError
	if !errors.As(err, &failure) || failure.Type != "Function.ResponseSizeTooLarge" ||
		failure.Message != "Response payload size exceeded maximum allowed payload size (60000 bytes)." {
		t.Errorf("the stream ended with %v", err)
	}
	if len(body) != 60000 {
		t.Errorf("%d bytes came through, want the limit", len(body))
	}
	response, err = f.Invoke(context.Background(), JSON(`{"do":"big","size":60000}`), InvokeOptions{MaxResponse: 60000})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); len(body) != 60000 || err != nil {
		t.Errorf("a response of exactly the limit: %d bytes, %v", len(body), err)
	}
}

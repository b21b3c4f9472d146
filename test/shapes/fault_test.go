package shapes

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestFault_before_the_first_byte_is_a_502(t *testing.T) {
	e := serve(t, shape("Fault"))
	for path, cause := range map[string]string{
		"/crash":       "Runtime.ExitError",
		"/throw":       "TypeError: nothing written yet",
		"/timeout":     "Task timed out after 1.00 seconds",
		"/garbage":     `before the eight NUL bytes that end its JSON prelude, and begins "garbage"`,
		"/cut-prelude": "Runtime.ExitError",
		"/no-json":     "the prelude isn't a JSON object",
		"/bad-status":  "statusCode 99 is outside 200–599",
	} {
		t.Run(path, func(t *testing.T) {
			got := e.get(t, path)
			if got.status != http.StatusBadGateway || got.body != "Internal Server Error" {
				t.Errorf("got %d %q, want Lambda's 502", got.status, got.body)
			}
			if got := e.log.explained(t, path); len(got) != 1 || !strings.Contains(got[0].Cause, cause) {
				t.Errorf("got the lines %+v, want one whose cause says %q", got, cause)
			}
		})
	}
}

// Seen: after an error or a panic in the middle of a stream the viewer gets a
// complete 200.
func TestFault_after_the_first_byte_ends_a_complete_response(t *testing.T) {
	e := serve(t, shape("Fault"))
	for path, want := range map[string]struct {
		status int
		cause  string
	}{
		"/throw-after":            {http.StatusAccepted, "RangeError: after the first byte"},
		"/timeout-after":          {http.StatusAccepted, "Task timed out after 1.00 seconds"},
		"/loop-after":             {http.StatusAccepted, "Task timed out after 1.00 seconds"},
		"/exit-after":             {http.StatusAccepted, "exit status 4"},
		"/destroy-after":          {http.StatusAccepted, ""},
		"/streamhttp/panic-after": {http.StatusOK, "after the first byte"},
	} {
		t.Run(path, func(t *testing.T) {
			got := e.get(t, path)
			if got.status != want.status || got.body != "first" || got.broken != nil {
				t.Errorf("got %d %q (%v), want a complete %d with what was written", got.status, got.body, got.broken, want.status)
			}
			broke := e.log.explained(t, path)
			if len(broke) != 1 || broke[0].Level != "ERROR" ||
				!strings.HasPrefix(broke[0].Cause, "the stream broke after 5 bytes") || !strings.Contains(broke[0].Cause, want.cause) {
				t.Errorf("got %+v, want one error that says the stream broke, for %q", broke, want.cause)
			}
		})
	}
}

func TestFault_of_a_streamhttp_handler_is_a_500(t *testing.T) {
	e := serve(t, shape("Fault"))
	if got := e.get(t, "/streamhttp/panic"); got.status != http.StatusInternalServerError {
		t.Errorf("got %d %q, want streamhttp's 500", got.status, got.body)
	}
	if got := e.get(t, "/streamhttp/hello"); got.status != http.StatusOK {
		t.Errorf("afterwards: got %d %q, want 200", got.status, got.body)
	}
	panicked := func(l line) bool { return strings.Contains(l.Msg, "before the first byte") }
	eventually(t, "the panic in the log", func() bool { return len(e.log.lines(t, panicked)) > 0 })
}

// lambdaurl ends the response while it panics, so here as on AWS the viewer may
// get either status. The log has the panic in any case.
func TestFault_of_a_lambdaurl_handler_is_logged(t *testing.T) {
	e := serve(t, shape("Fault"))
	for path, text := range map[string]string{"/lambdaurl/panic": "before the first byte", "/lambdaurl/panic-after": "after the first byte"} {
		got := e.get(t, path)
		if got.status != http.StatusOK && got.status != http.StatusBadGateway {
			t.Errorf("%s: got %d %q, want 200 or 502", path, got.status, got.body)
		}
		eventually(t, "the panic of "+path, func() bool {
			panicked := e.log.lines(t, func(l line) bool { return strings.Contains(l.Msg, "panic: "+text) })
			exited := e.log.lines(t, func(l line) bool { return strings.Contains(l.Msg+l.Cause, "exit status 2") && l.Hint != "" })
			return len(panicked) == 1 && len(exited) > 0
		})
	}
}

func TestFault_of_one_request_does_not_affect_the_next(t *testing.T) {
	e := serve(t, shape("Fault"))
	for _, path := range []string{"/throw", "/throw-after", "/exit-after", "/timeout", "/garbage", "/nothing"} {
		e.get(t, path)
		if got := e.get(t, "/well"); got.status != http.StatusAccepted || got.body == "" {
			t.Errorf("after %s: got %d %q, want 202", path, got.status, got.body)
		}
	}
}

func TestFault_of_the_process_keeps_the_last_log_lines(t *testing.T) {
	e := serve(t, shape("Fault"))
	for _, path := range []string{"/crash", "/exit-after"} {
		source := map[string]string{"/crash": "Crash", "/exit-after": "Node"}[path]
		e.get(t, path)
		printed := func(l line) bool { return l.Source == source && strings.HasSuffix(l.Msg, " before the end") }
		// The viewer may get the response before the process exits.
		eventually(t, "the last line of "+path, func() bool {
			lines := e.log.lines(t, printed)
			return len(lines) > 0 && lines[len(lines)-1].Msg == "line 199 before the end"
		})
		// Before a process is ready, lines that repeat are left out, but the last ones.
		lines := e.log.lines(t, printed)
		if want := map[string]int{"/crash": 12, "/exit-after": 200}[path]; len(lines) != want {
			t.Errorf("%s: got %d lines, want %d", path, len(lines), want)
		}
		for i, l := range lines[max(0, len(lines)-10):] {
			if want := fmt.Sprintf("line %d before the end", 190+i); l.Msg != want {
				t.Fatalf("%s: got %q, want %q", path, l.Msg, want)
			}
		}
	}
}

func TestFault_has_one_line_in_the_access_log(t *testing.T) {
	e := serve(t, shape("Fault"))
	for _, path := range []string{"/crash", "/throw", "/throw-after", "/edge/throw", "/viewer/throw"} {
		e.get(t, path)
		e.requests(t, "GET "+path, 1)
	}
}

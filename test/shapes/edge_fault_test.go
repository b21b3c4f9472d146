package shapes

import (
	"net/http"
	"strings"
	"testing"
)

func TestFault_at_the_edge_becomes_an_error_of_CloudFront(t *testing.T) {
	e := serve(t, shape("Fault"))
	for path, want := range map[string]struct {
		status        int
		xCache, cause string
	}{
		"/edge/throw":      {http.StatusServiceUnavailable, "LambdaExecutionError", "no configuration"},
		"/edge/loop":       {http.StatusServiceUnavailable, "LambdaExecutionError", "Task timed out after 1.00 seconds"},
		"/edge/exit":       {http.StatusServiceUnavailable, "LambdaExecutionError", "exit status 1"},
		"/edge/nonsense":   {http.StatusBadGateway, "LambdaValidationError", "it isn't an object"},
		"/edge/nothing":    {http.StatusBadGateway, "LambdaValidationError", "it isn't an object"},
		"/edge/status":     {http.StatusBadGateway, "LambdaValidationError", "status 99"},
		"/edge/header":     {http.StatusBadGateway, "LambdaValidationError", "x-edge-location"},
		"/edge/read-only":  {http.StatusBadGateway, "LambdaValidationError", "the header via"},
		"/viewer/throw":    {http.StatusServiceUnavailable, "FunctionExecutionError", "no configuration"},
		"/viewer/loop":     {http.StatusServiceUnavailable, "FunctionExecutionError", "ran longer than"},
		"/viewer/nonsense": {http.StatusBadGateway, "FunctionValidationError", "nonsense"},
		"/viewer/header":   {http.StatusBadGateway, "FunctionValidationError", "x-edge-location"},
	} {
		t.Run(path, func(t *testing.T) {
			got := e.get(t, path)
			if got.status != want.status || got.header.Get("X-Cache") != want.xCache+" from cloudfront" {
				t.Errorf("got %d and X-Cache %q, want %d and %s", got.status, got.header.Get("X-Cache"), want.status, want.xCache)
			}
			if got := e.log.explained(t, path); len(got) != 1 || !strings.Contains(got[0].Cause, want.cause) {
				t.Errorf("got the lines %+v, want one whose cause says %q", got, want.cause)
			}
			prefix := path[:strings.LastIndex(path, "/")]
			if got := e.get(t, prefix+"/well"); got.status != http.StatusOK {
				t.Errorf("afterwards: got %d %s, want 200", got.status, got.body)
			}
		})
	}
}

func TestFault_at_the_edge_keeps_the_last_log_lines(t *testing.T) {
	e := serve(t, shape("Fault"))
	e.get(t, "/edge/exit")
	e.get(t, "/viewer/well")
	for source, text := range map[string]string{"EdgeFault": "last words", "ViewerFault": "passing on"} {
		if got := e.log.lines(t, func(l line) bool { return l.Source == source && l.Msg == text }); len(got) != 1 {
			t.Errorf("got %+v, want one line %q of %s", got, text, source)
		}
	}
}

package cffunction

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestFunction_stops_what_does_not_end(t *testing.T) {
	for name, body := range map[string]string{
		"loop":       "for (;;) {}",
		"promises":   "function again() { return Promise.resolve().then(again) } return again()",
		"catch":      "for (;;) { try { for (;;) {} } catch (e) {} }",
		"finally":    "try { for (;;) {} } finally { for (;;) {} }",
		"expression": "return /^(?=((a+)+)$)/.test('" + strings.Repeat("a", 60) + "x')",
		"getter":     "return { get statusCode() { for (;;) {} } }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			_, err := compile(t, handler(body)).ViewerRequest(t.Context(), request())
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Message, "ran longer than") && !strings.Contains(e.Message, "too much memory") {
				t.Errorf("got %v, want an error that names the time or the memory", err)
			}
			if took := time.Since(begun); took > 10*MaxDuration {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestNew_stops_code_that_does_not_end(t *testing.T) {
	_, err := New(Config{Name: "demo", Code: "for (;;) {}\n" + handler("")}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "demo:1:") || !strings.Contains(err.Error(), "ran longer than") {
		t.Errorf("got %v", err)
	}
}

func TestFunction_stops_when_the_viewer_leaves(t *testing.T) {
	f := compile(t, handler("for (;;) {}"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := f.ViewerRequest(ctx, request()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the viewer's own deadline", err)
	}
	if _, err := f.ViewerRequest(ctx, request()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v for a viewer who has gone, want the viewer's own deadline", err)
	}
}

func TestFunction_stops_recursion(t *testing.T) {
	for _, body := range []string{"function f() { return f() } return f()", "function f() { return [1].map(f) } return f()"} {
		_, err := compile(t, handler(body)).ViewerRequest(t.Context(), request())
		if err == nil || !strings.Contains(err.Error(), "Maximum call stack size exceeded") {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

package streamhttp

import (
	"fmt"
	"log/slog"
	"runtime/debug"
)

// logPanic must be called during recover, for the stack.
func (w *responseWriter) logPanic(message string, value any) {
	w.log(slog.LevelError, message, "panic", fmt.Sprint(value), "stack", string(debug.Stack()))
}

func (w *responseWriter) log(level slog.Level, message string, attributes ...any) {
	attributes = append(attributes, "method", w.request.Method, "path", w.request.URL.EscapedPath())
	slog.Log(w.request.Context(), level, message, attributes...)
}

package streamhttp

import (
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// logPanic must be called during recover, for the stack.
func (w *responseWriter) logPanic(message string, value any) {
	w.log(slog.LevelError, message, "panic", fmt.Sprint(value), "stack", string(debug.Stack()))
}

func (w *responseWriter) log(level slog.Level, message string, attributes ...any) {
	ctx := w.request.Context()
	attributes = append(attributes, "method", w.request.Method, "path", w.request.URL.EscapedPath())
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		attributes = append(attributes, "requestId", invocation.AwsRequestID)
	}
	slog.Log(ctx, level, message, attributes...)
}

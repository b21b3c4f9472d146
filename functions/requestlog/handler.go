package requestlog

import (
	"context"
	"io"
	"log/slog"
	"os"
	"slices"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// requestIDKey is Lambda's own name for the id in JSON logs.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
const requestIDKey = "requestId"

// NewLogger returns a logger for Lambda's log configuration: JSON with Lambda's
// names of fields if AWS_LAMBDA_LOG_FORMAT is JSON, else text, and the level of
// AWS_LAMBDA_LOG_LEVEL, by default INFO. It logs to the standard error, which
// Lambda logs too, and adds the request id as [NewHandler] does.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
func NewLogger() *slog.Logger {
	return newLogger(os.Stderr, os.Getenv("AWS_LAMBDA_LOG_FORMAT"), os.Getenv("AWS_LAMBDA_LOG_LEVEL"))
}

func newLogger(w io.Writer, format, level string) *slog.Logger {
	options := &slog.HandlerOptions{Level: levels[level]}
	if format == "JSON" {
		options.ReplaceAttr = lambdacontext.ReplaceAttr
		return slog.New(NewHandler(slog.NewJSONHandler(w, options)))
	}
	return slog.New(NewHandler(slog.NewTextHandler(w, options)))
}

// levels are Lambda's, of which slog lacks the first and the last. Others, and
// none, are INFO.
var levels = map[string]slog.Level{
	"TRACE": slog.LevelDebug,
	"DEBUG": slog.LevelDebug,
	"WARN":  slog.LevelWarn,
	"ERROR": slog.LevelError,
	"FATAL": slog.LevelError,
}

// NewHandler returns a handler that adds requestId, the id of the invocation, to
// what is logged with the context of a request in Lambda, and passes it to next.
// It adds nothing outside Lambda, or if a line has a requestId already.
func NewHandler(next slog.Handler) slog.Handler { return &handler{next: next, top: next} }

type handler struct {
	next slog.Handler

	// The id stays outside of groups: top is the handler before the first, and
	// inner what was done to it since.
	top   slog.Handler
	inner []func(slog.Handler) slog.Handler
	known bool // top has an id
}

func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h *handler) Handle(ctx context.Context, record slog.Record) error {
	invocation, ok := lambdacontext.FromContext(ctx)
	if !ok || h.known || len(h.inner) == 0 && has(record) {
		return h.next.Handle(ctx, record)
	}
	id := slog.String(requestIDKey, invocation.AwsRequestID)
	if len(h.inner) == 0 {
		record = record.Clone()
		record.AddAttrs(id)
		return h.next.Handle(ctx, record)
	}
	next := h.top.WithAttrs([]slog.Attr{id})
	for _, again := range h.inner {
		next = again(next)
	}
	return next.Handle(ctx, record)
}

// has reports whether a record has an id of its own.
func has(record slog.Record) bool {
	found := false
	record.Attrs(func(attribute slog.Attr) bool {
		found = attribute.Key == requestIDKey
		return !found
	})
	return found
}

func (h *handler) WithAttrs(attributes []slog.Attr) slog.Handler {
	if len(h.inner) > 0 {
		return h.with(func(next slog.Handler) slog.Handler { return next.WithAttrs(attributes) })
	}
	next := h.next.WithAttrs(attributes)
	known := slices.ContainsFunc(attributes, func(attribute slog.Attr) bool { return attribute.Key == requestIDKey })
	return &handler{next: next, top: next, known: h.known || known}
}

func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.with(func(next slog.Handler) slog.Handler { return next.WithGroup(name) })
}

func (h *handler) with(change func(slog.Handler) slog.Handler) slog.Handler {
	return &handler{next: change(h.next), top: h.top, inner: append(slices.Clip(h.inner), change), known: h.known}
}

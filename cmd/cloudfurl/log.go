package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// newLogHandler returns a handler that writes lines for people, or JSON lines.
// The output of a function is a line that begins with its name.
func newLogHandler(w io.Writer, asJSON bool) slog.Handler {
	handler := slog.Handler(slog.NewJSONHandler(w, nil))
	if !asJSON {
		handler = sourceHandler{Handler: tint.NewHandler(w, &tint.Options{
			TimeFormat: "15:04:05.000",
			NoColor:    !isTerminal(w),
		})}
	}
	if output, ok := w.(*queued); ok {
		output.queue.tellDropped = func(dropped int) {
			fault.Log(slog.New(handler), slog.LevelWarn, fmt.Sprintf("%d lines are missing before this one", dropped),
				"the reader of this log took none for a while, and requests don't wait for it", "")
		}
	}
	return handler
}

// takeStandardLog sends what packages write to the standard logger to log, at debug
// level: net/http complains there about apps that send a body for HEAD.
func takeStandardLog(log *slog.Logger) {
	slog.SetLogLoggerLevel(slog.LevelDebug)
	slog.SetDefault(log)
}

func isTerminal(w io.Writer) bool {
	if output, ok := w.(*queued); ok {
		w = output.file
	}
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd()) && os.Getenv("NO_COLOR") == ""
}

// sourceKey is the attribute that names the function that wrote the line.
const sourceKey = "source"

// A sourceHandler puts the attribute "source" before the message.
type sourceHandler struct {
	slog.Handler

	// source is that of all records, if With has set it.
	source string
}

// Handle writes a record.
func (h sourceHandler) Handle(ctx context.Context, record slog.Record) error {
	line := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	source := h.source
	record.Attrs(func(a slog.Attr) bool {
		if a.Key == sourceKey {
			source = a.Value.String()
		} else {
			line.AddAttrs(a)
		}
		return true
	})
	if source != "" {
		line.Message = source + " | " + line.Message
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs returns a handler whose lines carry the attributes.
func (h sourceHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	others := make([]slog.Attr, 0, len(attributes))
	source := h.source
	for _, a := range attributes {
		if a.Key == sourceKey {
			source = a.Value.String()
		} else {
			others = append(others, a)
		}
	}
	return sourceHandler{h.Handler.WithAttrs(others), source}
}

// WithGroup returns a handler whose attributes are in a group.
func (h sourceHandler) WithGroup(name string) slog.Handler {
	return sourceHandler{h.Handler.WithGroup(name), h.source}
}

package main

import (
	"context"
	"io"
	"log/slog"
	"os"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"
)

// newLogHandler returns a handler that writes lines for a person, or JSON lines.
// Lines of a function's own begin with its name.
func newLogHandler(w io.Writer, asJSON bool) slog.Handler {
	if asJSON {
		return slog.NewJSONHandler(w, nil)
	}
	return spoken{Handler: tint.NewHandler(w, &tint.Options{
		TimeFormat: "15:04:05.000",
		NoColor:    !isTerminal(w),
	})}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd()) && os.Getenv("NO_COLOR") == ""
}

// sourceKey is the attribute that names the function whose line it is.
const sourceKey = "source"

// spoken puts the attribute "source" before the message.
type spoken struct {
	slog.Handler

	// source is the source of all records, if it is known before them.
	source string
}

// Handle writes a record, in the words of its source if it has one.
func (h spoken) Handle(ctx context.Context, record slog.Record) error {
	said := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	source := h.source
	record.Attrs(func(a slog.Attr) bool {
		if a.Key == sourceKey {
			source = a.Value.String()
		} else {
			said.AddAttrs(a)
		}
		return true
	})
	if source != "" {
		said.Message = source + " | " + said.Message
	}
	return h.Handler.Handle(ctx, said)
}

// WithAttrs returns a handler whose lines carry the attributes.
func (h spoken) WithAttrs(attributes []slog.Attr) slog.Handler {
	others := make([]slog.Attr, 0, len(attributes))
	source := h.source
	for _, a := range attributes {
		if a.Key == sourceKey {
			source = a.Value.String()
		} else {
			others = append(others, a)
		}
	}
	return spoken{h.Handler.WithAttrs(others), source}
}

// WithGroup returns a handler whose attributes are in a group.
func (h spoken) WithGroup(name string) slog.Handler {
	return spoken{h.Handler.WithGroup(name), h.source}
}

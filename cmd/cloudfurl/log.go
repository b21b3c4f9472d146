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
	return spoken{tint.NewHandler(w, &tint.Options{
		TimeFormat: "15:04:05.000",
		NoColor:    !isTerminal(w),
	})}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd()) && os.Getenv("NO_COLOR") == ""
}

// spoken puts the attribute "source" before the message.
type spoken struct {
	slog.Handler
}

// Handle writes a record, in the words of its source if it has one.
func (h spoken) Handle(ctx context.Context, record slog.Record) error {
	source := ""
	record.Attrs(func(a slog.Attr) bool {
		if a.Key == "source" {
			source = a.Value.String()
		}
		return source == ""
	})
	if source == "" {
		return h.Handler.Handle(ctx, record)
	}
	said := slog.NewRecord(record.Time, record.Level, source+" | "+record.Message, record.PC)
	record.Attrs(func(a slog.Attr) bool {
		if a.Key != "source" {
			said.AddAttrs(a)
		}
		return true
	})
	return h.Handler.Handle(ctx, said)
}

// WithAttrs returns a handler whose lines carry the attributes.
func (h spoken) WithAttrs(attributes []slog.Attr) slog.Handler {
	return spoken{h.Handler.WithAttrs(attributes)}
}

// WithGroup returns a handler whose attributes are in a group.
func (h spoken) WithGroup(name string) slog.Handler {
	return spoken{h.Handler.WithGroup(name)}
}

// Package console writes the log for people: a line for each request, in columns that
// fit the terminal, the lines of handlers below the request that they belong to, and
// cause and hint on lines of their own. What isn't a terminal gets the same words,
// without colors, and nothing is cut or wrapped.
package console

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Options say how a log is written.
type Options struct {
	// Color is whether to use colors.
	Color bool

	// Width returns the width of the terminal, in columns. With 0, nothing is cut or
	// wrapped.
	Width func() int

	// Request returns the number of the request that a context belongs to, 0 for
	// none, its method and its target.
	Request func(context.Context) (number int, method, target string)
}

// A Handler is a [slog.Handler] that writes for people. These attributes have a meaning:
//
//   - "source" is who wrote the line, and "environment" which process.
//   - "cause", "hint" and others of one request come on lines of their own.
//   - "total", a duration, makes the record a request's.
type Handler struct {
	*writer

	attributes []slog.Attr
}

// A writer has what the handlers of a log share.
type writer struct {
	Options

	w      io.Writer
	mu     sync.Mutex
	opened map[int]bool // requests that have a line
	last   line         // the last one that isn't a request's
	label  int          // columns of the longest name of an environment
}

// New returns a handler that writes to w, each record by one Write.
func New(w io.Writer, options Options) *Handler {
	return &Handler{writer: &writer{Options: options, w: w, opened: map[int]bool{}}}
}

// Enabled reports whether a level is written.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo
}

// WithAttrs returns a handler whose records have the attributes.
func (h *Handler) WithAttrs(attributes []slog.Attr) slog.Handler {
	return &Handler{h.writer, slices.Concat(h.attributes, attributes)}
}

// WithGroup returns the handler: nothing here has groups.
func (h *Handler) WithGroup(string) slog.Handler { return h }

type line struct {
	at             time.Time
	level          slog.Level
	message        string
	number         int // of its request
	method, target string
	label          string
	attributes     []slog.Attr
	values         map[string]slog.Value // the same by name
}

// Handle writes a record.
func (h *Handler) Handle(ctx context.Context, record slog.Record) error {
	l := line{at: record.Time, level: record.Level, message: record.Message, attributes: slices.Clone(h.attributes), values: map[string]slog.Value{}}
	l.number, l.method, l.target = h.Request(ctx)
	record.Attrs(func(a slog.Attr) bool {
		l.attributes = append(l.attributes, a)
		return true
	})
	for _, a := range l.attributes {
		l.values[a.Key] = a.Value.Resolve()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	b := &block{width: h.Width(), color: h.Color}
	if l.values["total"].Kind() == slog.KindDuration {
		h.writeRequest(b, l)
	} else {
		h.writeLine(b, l)
	}
	_, err := io.WriteString(h.w, b.String())
	return err
}

// text returns an attribute that is a text, or nothing.
func (l line) text(key string) string {
	if v := l.values[key]; v.Kind() == slog.KindString {
		return v.String()
	}
	return ""
}

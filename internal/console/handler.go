// Package console writes the log for people: a line for each request, in columns that
// fit the terminal, the lines of handlers below the request that they belong to, and
// cause and hint of an event on lines of their own. What isn't a terminal gets the same
// words, without colors, and nothing is cut or wrapped.
package console

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Options say how a log is written.
type Options struct {
	// Color is whether to use colors.
	Color bool

	// Width returns the width of the terminal, in columns. Default: nothing is
	// cut or wrapped
	Width func() int

	// Request returns the number of the request that a context belongs to, 0 for
	// none, its method and its target. Default: none
	Request func(context.Context) (number int, method, target string)
}

// A Handler is a [slog.Handler] that writes for people. These attributes have a meaning:
//
//   - "source" is who wrote the line, and "environment" which process.
//   - "cause" and "hint" come on lines of their own.
//   - "total", a duration, makes the record a request's.
type Handler struct {
	*writer

	attributes []slog.Attr
	group      string
}

// A writer has what the handlers of a log share.
type writer struct {
	Options

	w      io.Writer
	mu     sync.Mutex
	opened map[int]bool   // requests that have a line
	of     map[string]int // the request of an environment
	said   []string       // the last events, until saidAt
	saidAt time.Time
	last   *line // the last one
	label  int   // columns of the longest name of an environment
}

// New returns a handler that writes to w, each record by one Write.
func New(w io.Writer, options Options) *Handler {
	if options.Width == nil {
		options.Width = func() int { return 0 }
	}
	if options.Request == nil {
		options.Request = func(context.Context) (int, string, string) { return 0, "", "" }
	}
	return &Handler{writer: &writer{Options: options, w: w, opened: map[int]bool{}, of: map[string]int{}}}
}

// Enabled reports whether a level is written.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo
}

// WithAttrs returns a handler whose records have the attributes.
func (h *Handler) WithAttrs(attributes []slog.Attr) slog.Handler {
	with := *h
	with.attributes = slices.Clone(h.attributes)
	for _, a := range attributes {
		a.Key = h.group + a.Key
		with.attributes = append(with.attributes, a)
	}
	return &with
}

// WithGroup returns a handler whose further attributes are in a group.
func (h *Handler) WithGroup(name string) slog.Handler {
	with := *h
	with.group += name + "."
	return &with
}

// A line is a record, with the attributes that have a meaning apart.
type line struct {
	at      time.Time
	level   slog.Level
	message string

	number         int
	method, target string
	source         string
	environment    string
	cause, hint    string
	isRequest      bool
	attributes     []slog.Attr
}

// requestID is how Lambda's errors begin. The number of a request says the same.
var requestID = regexp.MustCompile(`RequestId: [-0-9a-f]{36} (?:Error: )?|^Error: `)

// Handle writes a record.
func (h *Handler) Handle(ctx context.Context, record slog.Record) error {
	l := &line{at: record.Time, level: record.Level, message: record.Message}
	l.number, l.method, l.target = h.Request(ctx)
	for _, a := range h.attributes {
		l.take(a)
	}
	record.Attrs(func(a slog.Attr) bool {
		a.Key = h.group + a.Key
		l.take(a)
		return true
	})
	for _, text := range []*string{&l.message, &l.cause} {
		*text = requestID.ReplaceAllString(*text, "")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	b := &block{width: h.Width(), color: h.Color}
	switch {
	case l.isRequest:
		h.writeRequest(b, l)
	case l.environment != "" && l.cause == "" && l.get("errorType") == "":
		h.writeOutput(b, l)
	default:
		h.writeEvent(b, l)
	}
	_, err := io.WriteString(h.w, b.String())
	return err
}

// take puts an attribute where it belongs.
func (l *line) take(a slog.Attr) {
	value := a.Value.Resolve()
	texts := map[string]*string{"source": &l.source, "environment": &l.environment, "cause": &l.cause, "hint": &l.hint}
	if text, ok := texts[a.Key]; ok {
		*text = value.String()
		return
	}
	switch a.Key {
	case "id":
		if value.Kind() == slog.KindInt64 {
			l.number = int(value.Int64())
		}
	case "trace", "requestId":
	default:
		l.isRequest = l.isRequest || a.Key == "total" && value.Kind() == slog.KindDuration
		l.attributes = append(l.attributes, slog.Attr{Key: a.Key, Value: value})
	}
}

// value returns an attribute, or the zero Value.
func (l *line) value(key string) slog.Value {
	i := slices.IndexFunc(l.attributes, func(a slog.Attr) bool { return a.Key == key })
	if i < 0 {
		return slog.Value{}
	}
	return l.attributes[i].Value
}

// get returns the text of an attribute, or nothing.
func (l *line) get(key string) string {
	if v := l.value(key); !v.Equal(slog.Value{}) {
		return v.String()
	}
	return ""
}

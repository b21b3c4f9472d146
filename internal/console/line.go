package console

import (
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/handlerlog"
)

// instant is how long the lines of a stack trace, or of a compiler, are apart, at most.
const instant = 20 * time.Millisecond

// writeLine writes what happened, or a line of a handler below the first line of its
// request.
func (h *Handler) writeLine(b *block, l line) {
	environment := l.text("environment")
	if l.label = l.text("source"); l.label != "" {
		l.label += ": "
	}
	if environment != "" {
		l.label = environment + " "
		h.open(b, l)
	}
	if environment != "" && l.text("cause") == "" {
		parsed := handlerlog.Parse(l.message)
		if parsed.Message == "" && len(parsed.Attributes) == 0 {
			return
		}
		l.level, l.message = max(l.level, parsed.Level), parsed.Message
		l.attributes = append(parsed.Attributes, l.attributes...)
	}
	if l.number > 0 {
		l.label = "  " + l.label
	}
	at, mark, style, label := l.at, "", plain, handlerlog.Printable(l.label)
	switch {
	case h.continues(l):
		at, label = time.Time{}, strings.Repeat(" ", columns(l.label))
	case l.level >= slog.LevelError:
		mark, style = "ERROR", red
	case l.level >= slog.LevelWarn:
		mark, style = "WARN", yellow
	}
	b.begin(at, l.number, mark, style)
	b.WriteString(b.style(faint, label))
	b.message(l)
	h.last = l
}

// open writes the first line of a request that isn't over, before the first line of its
// handler.
func (h *Handler) open(b *block, l line) {
	if l.number > 0 && !h.opened[l.number] {
		h.opened[l.number] = true
		b.begin(l.at, l.number, "", plain)
		b.WriteString(pad(l.method, methodWidth) + cut(handlerlog.Printable(l.target), b.room(gutter+methodWidth)) + "\n")
	}
}

// continues reports whether an error is a further line of the last one.
func (h *Handler) continues(l line) bool {
	return min(l.level, h.last.level) >= slog.LevelError && l.text("cause")+h.last.text("cause") == "" &&
		l.label != "" && h.last.label == l.label && l.at.Sub(h.last.at) < instant
}

var (
	// known is what a line shows in another way, or only as JSON.
	known = []string{"source", "environment", "id", "trace", "errorType"}

	// below is what has a line of its own, however short.
	below = []string{"end", "cause", "hint", "cache_key"}
)

// message writes the text of a line, with its attributes behind it as key=value, or
// below it if they have no room there.
func (b *block) message(l line) {
	indent := gutter + columns(l.label)
	var details []slog.Attr
	text, room := l.message, b.room(indent)
	for _, a := range l.attributes {
		value := a.Value.Resolve().String()
		if slices.Contains(known, a.Key) {
			continue
		}
		pair := " " + a.Key + "=" + value
		if value == "" || strings.ContainsAny(value, ` "=`) {
			pair = " " + a.Key + `="` + value + `"`
		}
		if slices.Contains(below, a.Key) || strings.Contains(value, "\n") || room > 0 && columns(text+pair) > room {
			details = append(details, a)
		} else {
			text += pair
		}
	}
	b.text(text, indent)
	for _, a := range details {
		b.detail(indent, a.Key, handlerlog.Frames(a.Value.String()))
	}
}

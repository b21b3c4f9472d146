package console

import (
	"log/slog"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/handlerlog"
)

const (
	// saidFor is how long events are remembered, so that the next don't repeat them.
	saidFor = time.Second

	// minSaid is the length of the shortest, in bytes: "exit status 1" is no repetition.
	minSaid = 20
)

// writeEvent writes what happened, its attributes, cause and hint.
func (h *Handler) writeEvent(b *block, l *line) {
	if l.number == 0 {
		l.number = h.of[l.environment]
	}
	mark, style := markOf(l.level)
	label := l.source
	if l.environment != "" {
		label = l.environment
	}
	if label != "" {
		label += ": "
	}
	at := l.at
	if h.continues(l) {
		at, mark, label = time.Time{}, "", strings.Repeat(" ", columns(label))
	}
	b.begin(at, l.number, mark, style)
	message := label + l.message
	if l.at.Sub(h.saidAt) > saidFor {
		h.said = nil
	}
	// The lines of the output are above, and it ends with those that say most.
	b.text(plain, message+pairs(l.attributes, "output"), gutter)
	if !h.repeats(l.cause) {
		b.detail("cause", l.cause)
	}
	b.detail("hint", l.hint)
	h.said = append(h.said, l.message, l.message+": "+l.cause, l.cause)
	h.saidAt = l.at
}

// repeats reports whether a cause is an event that was just written.
func (h *Handler) repeats(cause string) bool {
	for _, said := range h.said {
		if len(said) >= minSaid && strings.HasSuffix(cause, said) {
			return true
		}
	}
	return false
}

// instant is how long the lines of a stack trace, or of a compiler, are apart, at most.
const instant = 20 * time.Millisecond

// continues reports whether an error is a further line of the last one.
func (h *Handler) continues(l *line) bool {
	last := h.last
	h.last = l
	return last != nil && l.level >= slog.LevelError && last.level >= slog.LevelError && l.cause+last.cause == "" &&
		l.source != "" && last.source == l.source && last.environment == l.environment && l.at.Sub(last.at) < instant
}

// writeOutput writes a line of a handler below its request. The further lines of a stack
// trace have no time.
func (h *Handler) writeOutput(b *block, l *line) {
	parsed := handlerlog.Parse(l.message)
	if parsed.Message == "" && len(parsed.Attributes) == 0 {
		return
	}
	if l.environment != "" && l.number > 0 {
		h.of[l.environment] = l.number
	}
	h.open(b, l)
	mark, style := markOf(max(l.level, parsed.Level))
	at, label := l.at, l.environment+" "
	if h.continues(l) {
		at, mark, label = time.Time{}, "", strings.Repeat(" ", columns(label))
	}
	b.begin(at, l.number, mark, style)
	indent := 2 + columns(label)
	b.WriteString("  " + b.style(faint, handlerlog.Printable(label)))
	b.text(plain, parsed.Message+pairs(parsed.Attributes, ""), gutter+indent)
	for _, a := range parsed.Attributes {
		if text := a.Value.String(); strings.Contains(text, "\n") {
			b.WriteString(strings.Repeat(" ", gutter+indent) + b.style(faint, handlerlog.Printable(a.Key)) + "\n" + strings.Repeat(" ", gutter+indent))
			b.text(plain, handlerlog.Frames(text), gutter+indent)
		}
	}
}

// pairs returns attributes as " key=value", but for those of several lines and the one
// left out.
func pairs(attributes []slog.Attr, without string) string {
	var b strings.Builder
	for _, a := range attributes {
		text := a.Value.String()
		if a.Key == without || strings.Contains(text, "\n") {
			continue
		}
		if text == "" || strings.ContainsAny(text, ` "=`) {
			text = `"` + text + `"`
		}
		b.WriteString(" " + a.Key + "=" + text)
	}
	return b.String()
}

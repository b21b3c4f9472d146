package console

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/handlerlog"
)

const (
	methodWidth  = len("OPTIONS ")
	minTarget    = 20
	maxLabel     = 14   // columns of the name of an environment
	maxOpened    = 1000 // requests that are remembered
	resultsWidth = len(" 999.9ms  59.99s 999.9 kB warm")
)

// open writes the first line of a request that isn't over, before the first line of its
// handler.
func (h *Handler) open(b *block, l *line) {
	if l.number == 0 || h.opened[l.number] || l.method == "" {
		return
	}
	h.opened[l.number] = true
	b.begin(l.at, l.number, "", plain)
	b.WriteString(pad(l.method, methodWidth) + cut(handlerlog.Printable(l.target), b.room(gutter+methodWidth)) + "\n")
}

// writeRequest writes the last line of a request, in columns, and what is special
// about it below.
func (h *Handler) writeRequest(b *block, l *line) {
	h.last = nil
	delete(h.opened, l.number-maxOpened)
	h.opened[l.number] = true // for lines that come late
	method, target, _ := strings.Cut(handlerlog.Printable(l.message), " ")
	mark, style := statusOf(l.get("status"))
	b.begin(l.at, l.number, mark, style)
	results := fmt.Sprintf("%8s%8s%9s %-4s", duration(l.value("first_byte")), duration(l.value("total")), size(l.value("bytes")), l.get("start"))
	l.environment = handlerlog.Printable(l.environment)
	h.label = max(h.label, min(maxLabel, columns(l.environment)))
	targetWidth := b.width - gutter - methodWidth - resultsWidth
	switch {
	case b.width == 0:
		targetWidth = 40
	case targetWidth-h.label <= minTarget:
		l.environment = "" // no room
	default:
		targetWidth -= h.label + 1
	}
	if b.width > 0 {
		target = cut(target, targetWidth)
		l.environment = cut(l.environment, maxLabel)
	}
	b.WriteString(pad(method, methodWidth) + pad(target, targetWidth) + b.style(faint, strings.TrimRight(results+" "+l.environment, " ")) + "\n")
	b.detail("end", l.get("end"))
	if rejected := requestID.ReplaceAllString(l.get("rejected"), ""); !slices.Contains(h.said, rejected) {
		b.detail("cause", rejected)
		b.detail("hint", l.hint)
	}
	b.detail("key", l.get("cache_key"))
}

// statusOf returns the status of a response, and its style. A request that was cut
// before its response has none.
func statusOf(status string) (mark, style string) {
	switch {
	case status == "":
		return "cut", red
	case status >= "500":
		return status, red
	case status >= "400":
		return status, yellow
	}
	return status, green
}

// duration returns a duration with three digits or so, or nothing for another value.
func duration(v slog.Value) string {
	if v.Kind() != slog.KindDuration {
		return ""
	}
	d, unit := v.Duration(), 100*time.Microsecond
	for d >= 1000*unit && unit < time.Second {
		unit *= 10
	}
	return d.Round(unit).String()
}

// size returns a number of bytes, or nothing for another value.
func size(v slog.Value) string {
	if v.Kind() != slog.KindInt64 {
		return ""
	}
	n, unit := float64(v.Int64()), 0
	for ; n >= 1000 && unit < 3; unit++ {
		n /= 1000
	}
	return fmt.Sprintf("%.*f %s", min(unit, 1), n, []string{"B", "kB", "MB", "GB"}[unit])
}

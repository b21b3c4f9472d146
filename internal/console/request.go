package console

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/handlerlog"
)

const (
	methodWidth  = len("OPTIONS ")
	minTarget    = 20
	maxLabel     = 14   // columns of the name of an environment
	maxOpened    = 1000 // requests that are remembered
	resultsWidth = len(" 999.9ms  59.99s 999.9 kB warm ")
)

// writeRequest writes the last line of a request, in columns, and what is special
// about it below.
func (h *Handler) writeRequest(b *block, l line) {
	h.last = line{}
	delete(h.opened, l.number-maxOpened)
	h.opened[l.number] = true // for lines that come late
	method, target, _ := strings.Cut(handlerlog.Printable(l.message), " ")
	environment, targetWidth := handlerlog.Printable(l.text("environment")), 40
	results := fmt.Sprintf("%8s%8s%9s %-4s ", duration(l.values["first_byte"]), duration(l.values["total"]), size(l.values["bytes"]), l.text("start"))
	if b.width > 0 {
		environment = cut(environment, maxLabel)
		h.label = max(h.label, columns(environment))
		targetWidth = b.width - gutter - methodWidth - resultsWidth
		if targetWidth-h.label < minTarget {
			environment = "" // no room
		} else {
			targetWidth -= h.label
		}
		if targetWidth < minTarget/2 { // no room for more than one time
			results = fmt.Sprintf("%8s", duration(l.values["total"]))
			targetWidth = max(minTarget/2, b.width-gutter-methodWidth-len(results))
		}
		target = cut(target, targetWidth)
	}
	mark, style := statusOf(l)
	b.begin(l.at, l.number, mark, style)
	b.WriteString(pad(method, methodWidth) + pad(target, targetWidth) + b.style(faint, strings.TrimRight(results+environment, " ")) + "\n")
	for _, key := range below {
		b.detail(gutter, key, l.text(key))
	}
}

// statusOf returns the status of a response, and its style. A request that was cut
// before its response has none.
func statusOf(l line) (mark, style string) {
	status, ok := l.values["status"].Any().(int64)
	switch {
	case !ok:
		return "cut", red
	case l.level >= slog.LevelError:
		return fmt.Sprint(status), red
	case l.level >= slog.LevelWarn, status >= 400:
		return fmt.Sprint(status), yellow
	}
	return fmt.Sprint(status), green
}

// duration returns a duration, rounded, or nothing for another value.
func duration(v slog.Value) string {
	if v.Kind() != slog.KindDuration {
		return ""
	}
	if d := v.Duration(); d >= time.Second {
		return d.Round(10 * time.Millisecond).String()
	}
	return v.Duration().Round(100 * time.Microsecond).String()
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

// Styles are the parameters of a terminal's colors.
//
// See: https://man7.org/linux/man-pages/man4/console_codes.4.html
const (
	plain  = ""
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// gutter is the width of the columns with time, number of the request, and status or
// level.
const gutter = len("15:04:05.000 #999 ERROR ")

// A block is what is written for one record.
type block struct {
	strings.Builder

	width int // 0: unlimited
	color bool
}

func (b *block) style(style, text string) string {
	if !b.color || style == plain || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// begin writes the gutter. A zero time is left out.
func (b *block) begin(at time.Time, number int, mark, style string) {
	var when, which string
	if !at.IsZero() {
		when = at.Format("15:04:05.000")
	}
	if number > 0 {
		which = fmt.Sprintf("#%d", number)
	}
	b.WriteString(b.style(faint, fmt.Sprintf("%-12s %-4s", when, which)) + " " + b.style(style, pad(mark, 5-max(0, len(which)-4))) + " ")
}

// room is how many columns are left beside an indentation, or 0 without a limit.
func (b *block) room(indent int) int {
	if b.width == 0 {
		return 0
	}
	return max(20, b.width-indent)
}

// text writes a text to the end of its line, and wraps it with an indentation.
func (b *block) text(text string, indent int) {
	lines := Wrap(handlerlog.Printable(text), b.room(indent))
	b.WriteString(strings.Join(lines, "\n"+strings.Repeat(" ", indent)) + "\n")
}

// detail writes a name and a text below an indentation, if there is a text.
func (b *block) detail(indent int, name, text string) {
	if text != "" {
		name = pad(handlerlog.Printable(name), 6) + " "
		b.WriteString(strings.Repeat(" ", indent) + b.style(faint, name))
		b.text(text, indent+columns(name))
	}
}

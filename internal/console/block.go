package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/handlerlog"
)

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

package lambda

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxLine is where a line of output is cut in two: CloudWatch Logs' largest event.
//
// See: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
const maxLine = 1 << 20

// readLines hands every line of r to line, the last one even without a line end.
func readLines(r io.Reader, line func(string)) {
	reader := bufio.NewReaderSize(r, 16<<10)
	var partial []byte
	for {
		chunk, err := reader.ReadSlice('\n')
		partial = append(partial, chunk...)
		switch {
		case err == nil:
			line(strings.TrimRight(string(partial), "\r\n"))
			partial = partial[:0]
		case err == bufio.ErrBufferFull:
			if len(partial) >= maxLine {
				line(string(partial))
				partial = partial[:0]
			}
		default:
			if len(partial) > 0 {
				line(string(partial))
			}
			return
		}
	}
}

// printable returns line with control characters and invalid bytes escaped, so
// that a handler can't move the cursor of the terminal or overwrite other lines.
// Tabs and line ends stay.
func printable(line string) string {
	escaped := func(r rune) bool { return r != '\t' && r != '\n' && unicode.IsControl(r) || r == utf8.RuneError }
	if !strings.ContainsFunc(line, escaped) {
		return line
	}
	var b strings.Builder
	for i, r := range line {
		switch {
		case !escaped(r):
			b.WriteRune(r)
		case r == utf8.RuneError && !strings.HasPrefix(line[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, line[i])
		case r == utf8.RuneError:
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

// A tail keeps the last lines of a process, for the log line about its end.
type tail struct {
	mu    sync.Mutex
	lines []string
}

const (
	// tailLines and tailLineSize bound the output that a log line quotes.
	tailLines    = 10
	tailLineSize = 500
)

func (t *tail) add(line string) {
	if len(line) > tailLineSize {
		line = strings.ToValidUTF8(line[:tailLineSize], "") + "…"
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == tailLines {
		t.lines = append(t.lines[:0], t.lines[1:]...)
	}
	t.lines = append(t.lines, line)
}

// String returns the kept lines, the oldest first.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

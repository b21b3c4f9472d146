package lambda

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
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
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 2*maxLine)
	lines.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if len(data) >= maxLine && bytes.IndexByte(data, '\n') < 0 {
			return len(data), data, nil
		}
		return bufio.ScanLines(data, atEOF)
	})
	for lines.Scan() {
		line(lines.Text())
	}
}

// printable returns line with control characters and invalid bytes escaped, so
// that a handler can't move the cursor of the terminal or overwrite other lines.
// Tabs and line ends stay.
func printable(line string) string {
	var b strings.Builder
	for line != "" {
		r, size := utf8.DecodeRuneInString(line)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, line[0])
		case unicode.IsControl(r) && r != '\t' && r != '\n':
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			b.WriteRune(r)
		}
		line = line[size:]
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

// logTo returns what logs a line of output and keeps it.
func (t *tail) logTo(log *slog.Logger) func(line string) {
	return func(line string) {
		line = printable(line)
		t.add(line)
		log.Info(line)
	}
}

// String returns the kept lines, the oldest first.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

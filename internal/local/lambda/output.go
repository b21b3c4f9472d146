package lambda

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cloudfurl/cloudfurl/internal/handlerlog"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
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

// A tail keeps the last lines that a process wrote since its last event came, for the
// log line about its end.
type tail struct {
	mu    sync.Mutex
	lines []string
	trace handlerlog.Trace
}

const (
	// tailLines and tailLineSize bound the output that a log line quotes.
	tailLines    = 10
	tailLineSize = 500
)

// add keeps a line, and reports whether it belongs to a stack trace.
func (t *tail) add(line string) (traced bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	traced = t.trace.Has(line)
	if len(line) > tailLineSize {
		line = strings.ToValidUTF8(line[:tailLineSize], "") + "…"
	}
	if len(t.lines) == tailLines {
		t.lines = append(t.lines[:0], t.lines[1:]...)
	}
	t.lines = append(t.lines, line)
	return traced
}

// clear forgets the lines.
func (t *tail) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines, t.trace = nil, handlerlog.Trace{}
}

// logTo returns what logs a line of output at its level and keeps it. Lines below
// INFO are logged too. The context is that of the last request.
func (t *tail) logTo(log *slog.Logger, request func() context.Context) func(line string) {
	return func(line string) {
		line = printable(line)
		level := max(slog.LevelInfo, handlerlog.Parse(line).Level)
		if t.add(line) {
			level = slog.LevelError
		}
		ctx := request()
		log.Log(ctx, level, line)
		trace.FromContext(ctx).Print(strings.ToLower(level.String()), line)
	}
}

// String returns the kept lines, the oldest first.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

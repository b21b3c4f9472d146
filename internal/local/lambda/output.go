package lambda

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

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

// A tail knows what a process wrote since its last event came.
type tail struct {
	portInUse atomic.Bool // it says so

	mu    sync.Mutex
	trace handlerlog.Trace
	wrote map[string]int // how often, by lines without their digits
	held  []string       // the last lines that weren't logged
}

// maxHeld is how many lines are logged of those that were left out, if the process fails.
const maxHeld = 10

// maxRepeats is how often a line is logged of a process that isn't ready, and maxKinds how
// many different ones are told apart. A readiness check comes every 10 ms, and an app
// may log a page of errors for each.
const (
	maxRepeats = 2
	maxKinds   = 2000
)

var digits = regexp.MustCompile(`\d+`)

// repeated reports whether the process has written a line too often to log it, and
// whether it is the first such line.
func (t *tail) repeated(line string) (too, first bool) {
	key := digits.ReplaceAllString(line, "")
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wrote == nil {
		t.wrote = map[string]int{}
	}
	if t.wrote[key] < maxRepeats && len(t.wrote) < maxKinds {
		t.wrote[key]++
		return false, false
	}
	t.held = append(t.held[max(0, len(t.held)+1-maxHeld):], line)
	first = t.wrote[""] >= 0
	t.wrote[""] = -1
	return true, first
}

// takeHeld returns the last lines that weren't logged.
func (t *tail) takeHeld() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.held
	t.held = nil
	return held
}

// add reads a line, and reports whether it belongs to a stack trace.
func (t *tail) add(line string) (traced bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if strings.Contains(line, "ddress already in use") || strings.Contains(line, "EADDRINUSE") {
		t.portInUse.Store(true)
	}
	return t.trace.Has(line)
}

// clear forgets all lines.
func (t *tail) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.portInUse.Store(false)
	t.trace = handlerlog.Trace{}
}

// logTo returns what logs a line of output at its level and keeps it. Lines below
// INFO are logged too. The context is that of the last request; until ready is closed,
// what repeats isn't logged.
func (t *tail) logTo(log *slog.Logger, request func() context.Context, ready <-chan struct{}) func(line string) {
	return func(line string) {
		line = handlerlog.Printable(line)
		select {
		case <-ready:
		default:
			if too, first := t.repeated(line); too {
				t.add(line)
				if first {
					log.Info("(until the process is ready, lines that repeat are left out)")
				}
				return
			}
		}
		level := max(slog.LevelInfo, handlerlog.Parse(line).Level)
		if t.add(line) {
			level = slog.LevelError
		}
		ctx := request()
		log.Log(ctx, level, line)
		trace.FromContext(ctx).Print(strings.ToLower(level.String()), line)
	}
}

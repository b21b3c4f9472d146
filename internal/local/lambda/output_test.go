package lambda

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

func TestOutput_loses_no_line(t *testing.T) {
	long := strings.Repeat("y", 100_000)
	for input, want := range map[string][]string{
		"":                 nil,
		"a":                {"a"},
		"a\n":              {"a"},
		"a\r\n\nb":         {"a", "", "b"},
		long + "\n" + long: {long, long},
		"\n\n":             {"", ""},
	} {
		for _, reader := range []func(string) []string{
			func(s string) (lines []string) {
				readLines(strings.NewReader(s), func(line string) { lines = append(lines, line) })
				return lines
			},
			func(s string) (lines []string) {
				readLines(iotest.OneByteReader(strings.NewReader(s)), func(line string) { lines = append(lines, line) })
				return lines
			},
		} {
			if got := reader(input); !reflect.DeepEqual(got, want) {
				t.Errorf("%.20q gave %d lines, want %d", input, len(got), len(want))
			}
		}
	}
}

func TestOutput_cuts_endless_lines(t *testing.T) {
	const size = 3*maxLine + 5
	total, lines := 0, 0
	readLines(strings.NewReader(strings.Repeat("z", size)), func(line string) {
		total += len(line)
		lines++
		if len(line) > maxLine+16<<10 {
			t.Errorf("a line of %d bytes", len(line))
		}
	})
	if total != size || lines != 4 {
		t.Errorf("%d bytes in %d lines, want %d in 4", total, lines, size)
	}
}

func TestOutput_of_a_process_that_is_not_ready_is_logged_twice_at_most(t *testing.T) {
	var last tail
	written := new(record)
	ready := make(chan struct{})
	line := last.logTo(slog.New(slog.NewJSONHandler(written, nil)), t.Context, ready)
	for i := range 1000 {
		line(fmt.Sprintf("[08:59:%02d] GET / 500", i%60))
		line("  File app.py")
	}
	if n := written.count(""); n != 5 || written.find("lines that repeat are left out") == nil {
		t.Errorf("got %d lines, want two of each kind and one that says so", n)
	}
	if held := last.takeHeld(); len(held) != maxHeld || held[maxHeld-1] != "  File app.py" || len(last.takeHeld()) > 0 {
		t.Errorf("got %q, want the last lines, once", held)
	}
	close(ready)
	line("  File app.py")
	if n := written.count("File app.py"); n != 3 {
		t.Errorf("got %d lines, want those of a process that is ready", n)
	}
}

func TestFunction_logs_lines_at_the_level_of_the_handler(t *testing.T) {
	f, log := newFunction(t, custom(nil))
	invoke(t, f, `{"do":"print","text":"time=2026-12-01T08:59:08Z level=ERROR msg=second\n"}`)
	f.Close()
	if line := log.find("second"); line == nil || line["level"] != "ERROR" {
		t.Errorf("got %v, want the level that the handler logged", line)
	}
}

func TestFunction_logs_no_control_characters(t *testing.T) {
	f, log := newFunction(t, custom(nil))
	invoke(t, f, `{"do":"print","text":"one\rtwo\u001b[31m\n"}`)
	invokeError(t, f, `{"do":"error","text":"three\rfour"}`)
	f.Close()
	for _, want := range []string{`one\rtwo\x1b[31m`, `three\rfour`} {
		if log.find(want) == nil {
			t.Errorf("no line has %q", want)
		}
	}
}

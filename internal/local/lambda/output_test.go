package lambda

import (
	"fmt"
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

func TestTail_keeps_the_last_lines(t *testing.T) {
	var last tail
	for i := range 15 {
		last.add(string(rune('a' + i)))
	}
	last.add(strings.Repeat("x", 600))
	if got, want := last.String(), "g\nh\ni\nj\nk\nl\nm\nn\no\n"+strings.Repeat("x", 500)+"…"; got != want {
		t.Errorf("tail %q", got)
	}
}

func TestFunction_quotes_the_last_lines_of_the_failed_request_only(t *testing.T) {
	f, log := newFunction(t, custom(nil))
	invoke(t, f, `{"do":"print","text":"of the first\n"}`)
	invoke(t, f, `{"do":"print","text":"time=2026-12-01T08:59:08Z level=ERROR msg=second\n"}`)
	invokeError(t, f, `{"do":"exit"}`)
	f.Close()
	if line := log.find("second"); line == nil || line["level"] != "ERROR" {
		t.Errorf("got %v, want the level that the handler logged", line)
	}
	if line := log.find("Runtime exited"); line == nil || strings.Contains(fmt.Sprint(line), "of the first") || !strings.Contains(fmt.Sprint(line), "cause:the function's process exited") {
		t.Errorf("got %v, want no output of an earlier request", line)
	}
}

func TestOutput_escapes_what_moves_the_cursor(t *testing.T) {
	for line, want := range map[string]string{
		"plain\ttab é 🌍":        "plain\ttab é 🌍",
		"10%\r20%":              `10%\r20%`,
		"\x1b[2J\x1b]0;t\a red": `\x1b[2J\x1b]0;t\a red`,
		"a\x9bm\u009bm\x00\x7f": `a\x9bm\u009bm\x00\x7f`,
		"\ufffd":                "\ufffd",
	} {
		if got := printable(line); got != want {
			t.Errorf("%q is %q, want %q", line, got, want)
		}
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

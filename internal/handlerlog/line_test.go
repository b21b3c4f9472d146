package handlerlog

import (
	"log/slog"
	"testing"
)

func TestParse_takes_time_level_and_request_off_a_line(t *testing.T) {
	for line, want := range map[string]struct {
		level slog.Level
		text  string
	}{
		"":             {slog.LevelInfo, ""},
		"a plain line": {slog.LevelInfo, "a plain line"},
		"INFORMATION":  {slog.LevelInfo, "INFORMATION"},
		`time=2026-12-01T08:59:08.037Z level=WARN msg="not good" name="" path=/a?b=c requestId=51cce966-930f-4193-abe7-1a36a0701427`: {slog.LevelWarn, "not good name= path=/a?b=c"},
		`time=2026-12-01T08:59:08.037Z level=ERROR msg=x stack="a\n\tb" n=1`:                                                         {slog.LevelError, "x stack=a\n\tb n=1"},
		`{"time":"2026-12-01T08:59:08.037Z","level":"ERROR","msg":"broken","n":3,"list":[1],"requestId":"1"}`:                        {slog.LevelError, "broken list=[1] n=3"},
		`{"timestamp":"2026-12-01T08:59:08Z","level":"WARN","message":"of Python","logger":"root"}`:                                  {slog.LevelWarn, "of Python logger=root"},
		`{"answer": 42}`: {slog.LevelInfo, `{"answer": 42}`},
		`{"msg": broken`: {slog.LevelInfo, `{"msg": broken`},
		"[WARNING]\t2026-12-01T08:59:08.037Z\t51cce966-930f-4193-abe7-1a36a0701427\tof Python": {slog.LevelWarn, "of Python"},
		"2026-12-01T08:59:08.037Z\t51cce966-930f-4193-abe7-1a36a0701427\tERROR\tof Node.js":    {slog.LevelError, "of Node.js"},
		"2026/12/01 08:59:08 of package log":                                                   {slog.LevelInfo, "of package log"},
		`2026/12/01 08:59:08 ERROR the handler panicked panic="no map" stack="a\n\tb" path=/a`: {slog.LevelError, "the handler panicked panic=no map stack=a\n\tb path=/a"},
		"2026/12/01 08:59:08 INFO a=b or c":                                                    {slog.LevelInfo, "a=b or c"},
		"ERROR: disk full":                                                                     {slog.LevelError, "disk full"},
	} {
		got := Parse(line)
		text := got.Message
		for _, a := range got.Attributes {
			text += " " + a.String()
		}
		if got.Level != want.level || text != want.text {
			t.Errorf("%q: got %v %q, want %v %q", line, got.Level, text, want.level, want.text)
		}
	}
}

func TestTrace_has_the_lines_of_stack_traces(t *testing.T) {
	var trace Trace
	for _, test := range []struct {
		line string
		want bool
	}{
		{"hello", false},
		{"Traceback (most recent call last):", true}, {`  File "app.py", line 3`, true}, {"ValueError: no", true}, {"hello", false},
		{"panic: assignment to entry in nil map", true}, {"", true}, {"goroutine 1 [running]:", true}, {"main.main()", true},
	} {
		if got := trace.Has(test.line); got != test.want {
			t.Errorf("%q: got %v", test.line, got)
		}
	}
}

func TestFrames_has_a_line_for_each_function_from_the_panic_on(t *testing.T) {
	const stack = "goroutine 11 [running]:\nruntime/debug.Stack()\n\truntime/debug/stack.go:26 +0x5e\npanic({0x74b5c0?, 0xa92b50?})\n\truntime/panic.go:860 +0x13a\n" +
		"main.model(...)\n\texample.com/chat/main.go:17\nmain.(*chat).serve(0x1, {0x2, 0x3})\n\texample.com/chat/main.go:29 +0x2c5\nnet/http.HandlerFunc.ServeHTTP(0x0?)\n\tnet/http/server.go:2286 +0x29\ncreated by main.main in goroutine 1\n\texample.com/chat/main.go:9 +0x26c\n"
	const want = "main.model  example.com/chat/main.go:17\nmain.(*chat).serve  example.com/chat/main.go:29\ncreated by main.main in goroutine 1  example.com/chat/main.go:9"
	if got := Frames(stack); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Frames("Traceback:\n  x"); got != "Traceback:\n  x" {
		t.Errorf("got %q of Python", got)
	}
}

func TestPrintable_escapes_what_moves_the_cursor(t *testing.T) {
	for line, want := range map[string]string{
		"plain\ttab é 🌍":        "plain\ttab é 🌍",
		"10%\r20%":              `10%\r20%`,
		"\x1b[2J\x1b]0;t\a red": `\x1b[2J\x1b]0;t\a red`,
		"a\x9bm\u009bm\x00\x7f": `a\x9bm\u009bm\x00\x7f`,
		"\ufffd":                "\ufffd",
	} {
		if got := Printable(line); got != want {
			t.Errorf("%q is %q, want %q", line, got, want)
		}
	}
}

package console

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

type request struct{}

// record returns a log, what it wrote without the times, and the raw text.
func record(width int, color bool) (log *slog.Logger, written func() string) {
	return numbered(17, width, color)
}

// numbered is record for another number of the request.
func numbered(number, width int, color bool) (log *slog.Logger, written func() string) {
	var text strings.Builder
	log = slog.New(New(&text, Options{
		Color: color, Width: func() int { return width },
		Request: func(ctx context.Context) (int, string, string) {
			if ctx.Value(request{}) == nil {
				return 0, "", ""
			}
			return number, "GET", "/chat?x=1"
		},
	}))
	return log, func() string {
		lines := strings.SplitAfter(text.String(), "\n")
		for i, line := range lines {
			if len(line) > 12 && line[2] == ':' && line[5] == ':' {
				lines[i] = "00:00:00.000" + line[12:]
			}
		}
		return strings.Join(lines, "")
	}
}

func want(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func logRequest(log *slog.Logger, level slog.Level, target string, more ...any) {
	log.Log(context.WithValue(context.Background(), request{}, true), level, "GET "+target,
		append([]any{"status", 200, "first_byte", 5900 * time.Microsecond, "total", 611 * time.Millisecond, "bytes", int64(12345)}, more...)...)
}

func TestHandler_writes_requests_in_columns_that_fit(t *testing.T) {
	log, written := record(100, false)
	logRequest(log, slog.LevelInfo, "/", "environment", "Api#1", "start", "warm", "id", 17)
	logRequest(log, slog.LevelWarn, "/a/long/path/that/ends/in/what/one/wants/to/see?token=x", "environment", "Api#1", "start", "cold", "end", "cut off", "cause", "no permission", "hint", "add one")
	want(t, written(), `
00:00:00.000 #17  200   GET     /                                  5.9ms   611ms  12.3 kB warm Api#1
00:00:00.000 #17  200   GET     /a/long/path/that/end…ee?token=x   5.9ms   611ms  12.3 kB cold Api#1
                        end    cut off
                        cause  no permission
                        hint   add one
`)
	for _, width := range []int{60, 66, 73, 80, 100, 200} {
		log, written := record(width, false)
		logRequest(log, slog.LevelInfo, strings.Repeat("/長い", 100), "environment", "AVeryLongNameOfAnEnvironment#1", "start", "warm")
		if got := columns(strings.TrimRight(written(), "\n")); got > width {
			t.Errorf("got %d columns of %d: %s", got, width, written())
		}
	}
	log, written = record(0, false)
	logRequest(log, slog.LevelInfo, "/"+strings.Repeat("x", 500))
	if !strings.Contains(written(), strings.Repeat("x", 500)+"   ") {
		t.Errorf("cut, and that isn't a terminal: %s", written())
	}
}

func TestHandler_keeps_columns_for_numbers_of_five_digits(t *testing.T) {
	log, written := numbered(12345, 80, false)
	logRequest(log, slog.LevelInfo, "/"+strings.Repeat("x", 99), "start", "warm")
	want(t, written(), `
00:00:00.000 #12345 200 GET     /xxxxxxxxxx…xxxxx   5.9ms   611ms  12.3 kB warm
`)
}

func TestHandler_writes_the_lines_of_a_handler_below_their_request(t *testing.T) {
	log, written := record(80, false)
	ctx := context.WithValue(t.Context(), request{}, true)
	handler := log.With("source", "Api", "environment", "Api#1")
	handler.InfoContext(ctx, `time=2026-12-01T08:59:08.037Z level=INFO msg=greeting name="" path=/a requestId=51cce966-930f-4193-abe7-1a36a0701427`)
	handler.InfoContext(ctx, "")
	handler.InfoContext(ctx, `time=2026-12-01T08:59:08.037Z level=ERROR msg="the handler panicked" path=/a panic="assignment to entry in nil map" stack="one\n\ttwo"`)
	time.Sleep(2 * instant)
	handler.ErrorContext(ctx, "panic: no map")
	handler.ErrorContext(ctx, "\tmain.go:17")
	handler.ErrorContext(ctx, "Runtime.ExitError: Runtime exited with error: exit status 2", "errorType", "Runtime.ExitError", "cause", "the function's process exited during the request", "hint", "read its last lines; a panic or an exit ends the process")
	logRequest(log, slog.LevelError, "/chat?x=1", "cause", "the function failed before its first byte: Runtime.ExitError: Runtime exited with error: exit status 2", "hint", "look above")
	want(t, written(), `
00:00:00.000 #17        GET     /chat?x=1
00:00:00.000 #17          Api#1 greeting name="" path=/a
00:00:00.000 #17  ERROR   Api#1 the handler panicked path=/a
                                panic  assignment to entry in nil map
                                stack  one
                                           two
00:00:00.000 #17  ERROR   Api#1 panic: no map
             #17                    main.go:17
00:00:00.000 #17  ERROR   Api#1 Runtime.ExitError: Runtime exited with error:
                                exit status 2
                                cause  the function's process exited during the
                                       request
                                hint   read its last lines; a panic or an exit
                                       ends the process
00:00:00.000 #17  200   GET     /chat?x=1           5.9ms   611ms  12.3 kB
                        cause  the function failed before its first byte:
                               Runtime.ExitError: Runtime exited with error:
                               exit status 2
                        hint   look above
`)
}

func TestHandler_uses_colors_on_terminals_only(t *testing.T) {
	log, written := record(80, true)
	log.Warn("a warning")
	if !strings.Contains(written(), "\x1b[33mWARN \x1b[0m") {
		t.Errorf("got %q, want a yellow word", written())
	}
	log, written = record(80, false)
	log.Warn("a warning")
	if strings.Contains(written(), "\x1b") {
		t.Errorf("got colors in %q", written())
	}
}

func TestHandler_writes_no_control_characters(t *testing.T) {
	log, written := record(80, true)
	log.Info(`time=2026-12-01T08:59:08Z level=INFO msg="\x1b[2J" key="a\n\u009b31m" "\a"="x\ny"`, "environment", "Api#1")
	log.Warn("event \x1b]0;title\a", "cause", "\x1b[1A")
	logRequest(log, slog.LevelInfo, "/\x1b[2J", "environment", "\x1b[2J")
	text := regexp.MustCompile(`\x1b\[(0|2|31|32|33)m`).ReplaceAllString(written(), "")
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }); i >= 0 {
		t.Errorf("got %q", text[i:])
	}
}

func TestHandler_writes_each_record_at_once(t *testing.T) {
	var writes []string
	log := slog.New(New(writerFunc(func(p []byte) { writes = append(writes, string(p)) }), Options{
		Width: func() int { return 0 }, Request: func(context.Context) (int, string, string) { return 0, "", "" },
	}))
	log.With("path", "/a").Warn("happened", "n", 1, "cause", "of it", slog.String("text", "a b"))
	if len(writes) != 1 || !strings.Contains(writes[0], "WARN  happened path=/a n=1 text=\"a b\"\n"+strings.Repeat(" ", gutter)+"cause  of it\n") {
		t.Errorf("got %q", writes)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

func TestWrap_breaks_at_words(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"one two three", 0, "one two three"},
		{"a\nbcdefghij", 4, "a|bcde|fghi|j"},
		{"  indented text", 10, "  indented|text"},
		{"日本語の文", 4, "日本|語の|文"},
		{"é x", 1, "é|x"},
		{"日本", 1, "日|本"},
	} {
		if got := strings.Join(Wrap(test.text, test.width), "|"); got != test.want {
			t.Errorf("%q in %d: got %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

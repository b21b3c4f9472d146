// Package handlerlog reads the lines that handlers log, in the formats of Lambda's
// runtimes and of package log/slog, so that the local edge shows their time and
// level once.
package handlerlog

import (
	"encoding/json"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Line is what a handler logged.
type Line struct {
	// Level is the handler's, slog.LevelInfo or above.
	Level slog.Level

	// Message is the line without its time, level and request id.
	Message string

	// Attributes are those of a structured line, in their order or by name.
	Attributes []slog.Attr
}

const (
	timePattern  = `\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?\s+`
	idPattern    = `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s+`
	levelPattern = `(?:\[?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\]?(?::|\s)\s*)`
)

// prefix is what Lambda's runtimes for Node.js and Python, and Go's package log, write
// before a message.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
var prefix = regexp.MustCompile(`^(?:` + timePattern + `)?(?:` + idPattern + `)?` + levelPattern + `?(?:` + timePattern + `)?(?:` + idPattern + `)?`)

// levels are those above [slog.LevelInfo].
var levels = map[string]slog.Level{
	"WARN": slog.LevelWarn, "WARNING": slog.LevelWarn, "ERROR": slog.LevelError, "CRITICAL": slog.LevelError, "FATAL": slog.LevelError,
}

// Parse reads a line. Time and request are known from where it stands.
func Parse(text string) (line Line) {
	found := prefix.FindStringSubmatch(text)
	plain, structured := Line{Level: levels[found[1]], Message: text[len(found[0]):]}, false
	for _, a := range fields(text) {
		switch strings.ToLower(a.Key) {
		case "msg", "message":
			line.Message, structured = a.Value.String(), true
		case "level":
			line.Level = levels[strings.ToUpper(a.Value.String())]
		case "time", "timestamp", "requestid", "aws_request_id":
		default:
			line.Attributes = append(line.Attributes, a)
		}
	}
	if !structured {
		return plain
	}
	return line
}

// pair is a pair of a line of [slog.TextHandler]. Both sides may be quoted.
var pair = regexp.MustCompile(`("(?:\\.|[^"\\])*"|[^ =]+)=("(?:\\.|[^"\\])*"|[^ ]*)`)

// fields returns the fields of a JSON object, by name, or the pairs of a line that begins
// as [slog.TextHandler] does.
func fields(line string) (attributes []slog.Attr) {
	var object map[string]json.RawMessage
	_ = json.Unmarshal([]byte(line), &object) // or it is a text
	for _, key := range slices.Sorted(maps.Keys(object)) {
		text := string(object[key])
		_ = json.Unmarshal(object[key], &text) // or it isn't a string
		attributes = append(attributes, slog.String(key, text))
	}
	if strings.HasPrefix(line, "time=") || strings.HasPrefix(line, "level=") {
		for _, found := range pair.FindAllStringSubmatch(line, -1) {
			text := found[2]
			if unquoted, err := strconv.Unquote(text); err == nil {
				text = unquoted
			}
			attributes = append(attributes, slog.String(found[1], text))
		}
	}
	return attributes
}

// A Trace knows which lines of a process belong to a stack trace.
type Trace struct{ in, python bool }

// Has reports whether the next line belongs to a stack trace: of Go to the end of the
// process, and of Python to the line that names the error.
func (t *Trace) Has(line string) bool {
	before := t.in
	switch python := strings.HasPrefix(line, "Traceback (most recent call last)"); {
	case python, strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "fatal error: "):
		t.in, t.python = true, python
	case t.python && line != "" && line[0] != ' ':
		t.in = false
	}
	return before || t.in
}

var (
	// frame is a function of a stack, its arguments, and its file and line.
	frame = regexp.MustCompile(`(?m)^(\S.*?)(?:\([^()]*\))?\n\t(\S+)`)

	// serving are the functions below every handler in Go.
	serving = regexp.MustCompile(`^(created by )?(net/http\.|github\.com/cloudfurl/cloudfurl/functions/streamhttp\.)`)
)

// Frames returns a stack of Go with a line for each function, its file and line, from
// where it panicked on, without those that serve. What isn't one stays as it is.
func Frames(stack string) string {
	if !strings.HasPrefix(stack, "goroutine ") {
		return stack
	}
	var lines []string
	for _, found := range frame.FindAllStringSubmatch(stack, -1) {
		if found[1] == "panic" {
			lines = nil
		} else if !serving.MatchString(found[1]) {
			lines = append(lines, found[1]+"  "+found[2])
		}
	}
	return strings.Join(lines, "\n")
}

// control are control characters but tabs and line ends, and invalid bytes.
var control = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{fffd}]`)

// Printable returns line with control characters and invalid bytes escaped, so
// that a handler can't move the cursor of the terminal or overwrite other lines.
// Tabs and line ends stay.
func Printable(line string) string {
	return control.ReplaceAllStringFunc(line, func(c string) string { return strings.Trim(strconv.Quote(c), `"`) })
}

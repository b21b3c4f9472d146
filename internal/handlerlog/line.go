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
	"unicode"
	"unicode/utf8"
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
func Parse(text string) Line {
	found := prefix.FindStringSubmatch(text)
	line := Line{Level: levels[found[1]], Message: text[len(found[0]):]}
	message, attributes := split(line.Message)
	if message != "" {
		return Line{line.Level, message, attributes}
	}
	structured := Line{}
	for _, a := range attributes {
		switch strings.ToLower(a.Key) {
		case "msg", "message":
			structured.Message = a.Value.String()
		case "level":
			structured.Level = levels[strings.ToUpper(a.Value.String())]
		case "time", "timestamp", "requestid", "aws_request_id":
		default:
			structured.Attributes = append(structured.Attributes, a)
		}
	}
	if structured.Message == "" {
		return line
	}
	return structured
}

const pairPattern = `("(?:\\.|[^"\\])*"|[^ ="]+)=("(?:\\.|[^"\\])*"|[^ "]*)`

var (
	// pair is an attribute as package slog writes it.
	pair = regexp.MustCompile(pairPattern)

	// pairs are a text and what follows it.
	pairs = regexp.MustCompile(`^(.*?)((?:(?:^| )` + pairPattern + `)+)$`)
)

// maxSplit is the longest line that is searched for attributes, in bytes.
const maxSplit = 64 << 10

// split returns the text before the attributes that package slog writes, and those, or the
// fields of a JSON object by name.
func split(line string) (message string, attributes []slog.Attr) {
	var object map[string]json.RawMessage
	found := []string{"", line, ""}
	if json.Unmarshal([]byte(line), &object) == nil {
		found[1] = ""
	} else if len(line) < maxSplit && pairs.MatchString(line) {
		found = pairs.FindStringSubmatch(line)
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		text := string(object[key])
		_ = json.Unmarshal(object[key], &text) // or it isn't a string
		attributes = append(attributes, slog.String(key, text))
	}
	for _, one := range pair.FindAllStringSubmatch(found[2], -1) {
		text := one[2]
		if unquoted, err := strconv.Unquote(text); err == nil {
			text = unquoted
		}
		attributes = append(attributes, slog.String(one[1], text))
	}
	return found[1], attributes
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

// Printable returns line with control characters and invalid bytes escaped, so
// that a handler can't move the cursor of the terminal or overwrite other lines.
// Tabs and line ends stay.
func Printable(line string) string {
	var b strings.Builder
	for {
		at := strings.IndexFunc(line, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) && r != '\t' && r != '\n' })
		if at < 0 {
			return b.String() + line
		}
		_, size := utf8.DecodeRuneInString(line[at:])
		b.WriteString(line[:at] + strings.Trim(strconv.Quote(line[at:at+size]), `"`))
		line = line[at+size:]
	}
}

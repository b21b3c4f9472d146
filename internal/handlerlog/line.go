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
	// Level is the handler's, or slog.LevelInfo.
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

var levels = map[string]slog.Level{
	"TRACE": slog.LevelDebug, "DEBUG": slog.LevelDebug, "INFO": slog.LevelInfo, "WARN": slog.LevelWarn, "WARNING": slog.LevelWarn,
	"ERROR": slog.LevelError, "CRITICAL": slog.LevelError, "FATAL": slog.LevelError,
}

// Parse reads a line.
func Parse(line string) Line {
	attributes := ofJSON(line)
	if attributes == nil {
		attributes = ofText(line)
	}
	if parsed, ok := structured(attributes); ok {
		return parsed
	}
	found := prefix.FindStringSubmatch(line)
	return Line{Level: levels[found[1]], Message: line[len(found[0]):]}
}

// structured returns the line of the attributes, unless there is no message. Time and
// request are known from where the line stands.
func structured(attributes []slog.Attr) (line Line, ok bool) {
	for _, a := range attributes {
		switch strings.ToLower(a.Key) {
		case "msg", "message":
			line.Message, ok = a.Value.String(), true
		case "level":
			line.Level = levels[strings.ToUpper(a.Value.String())]
		case "time", "timestamp", "requestid", "aws_request_id":
		default:
			line.Attributes = append(line.Attributes, a)
		}
	}
	return line, ok
}

// ofJSON returns the fields of a JSON object, by name, or nil.
func ofJSON(line string) (attributes []slog.Attr) {
	var fields map[string]any
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &fields) != nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		text, ok := fields[key].(string)
		if !ok {
			encoded, _ := json.Marshal(fields[key])
			text = string(encoded)
		}
		attributes = append(attributes, slog.String(key, text))
	}
	return attributes
}

// ofText returns the pairs of a line of [slog.TextHandler], or nil.
func ofText(line string) (attributes []slog.Attr) {
	if !strings.HasPrefix(line, "time=") && !strings.HasPrefix(line, "level=") {
		return nil
	}
	for line != "" {
		key, rest, ok := strings.Cut(line, "=")
		if !ok {
			return nil
		}
		value, more, _ := strings.Cut(rest, " ")
		if quoted, err := strconv.QuotedPrefix(rest); err == nil && strings.HasPrefix(rest, `"`) {
			value, _ = strconv.Unquote(quoted)
			more = strings.TrimPrefix(rest[len(quoted):], " ")
		}
		attributes = append(attributes, slog.String(strings.Trim(key, `"`), value))
		line = more
	}
	return attributes
}

// A Trace knows which lines of a process belong to a stack trace.
type Trace struct{ last string }

// Has reports whether the next line belongs to a stack trace: of Go to the end of the
// process, and of Python to the line that names the error.
func (t *Trace) Has(line string) bool {
	switch {
	case strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "fatal error: "):
		t.last = "go"
	case strings.HasPrefix(line, "Traceback (most recent call last)"):
		t.last = "python"
	case t.last == "python" && line != "" && !strings.HasPrefix(line, " "):
		t.last = ""
		return true
	}
	return t.last != ""
}

// serving are the functions below every handler in Go.
var serving = regexp.MustCompile(`^(created by )?(net/http\.|github\.com/cloudfurl/cloudfurl/functions/streamhttp\.)`)

// Frames returns a stack of Go with a line for each function, its file and line, from
// where it panicked on, without those that serve. What isn't one stays as it is.
func Frames(stack string) string {
	if !strings.HasPrefix(stack, "goroutine ") {
		return stack
	}
	_, rest, _ := strings.Cut(stack, "\n")
	if _, after, ok := strings.Cut(rest, "\npanic("); ok {
		_, rest, _ = strings.Cut(after, "\n") // its arguments
		_, rest, _ = strings.Cut(rest, "\n")  // its file
	}
	var b strings.Builder
	var function string
	for line := range strings.Lines(rest) {
		line = strings.TrimRight(line, "\n")
		file, ok := strings.CutPrefix(line, "\t")
		switch {
		case !ok:
			function = line
		case !serving.MatchString(function):
			if end := strings.LastIndex(function, "("); strings.HasSuffix(function, ")") && end > 0 {
				function = function[:end] // without the arguments
			}
			file, _, _ = strings.Cut(file, " +0x")
			b.WriteString(function + "  " + file + "\n")
		}
	}
	return b.String()
}

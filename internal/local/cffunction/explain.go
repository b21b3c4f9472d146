package cffunction

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/dop251/goja"
)

var place = regexp.MustCompile(regexp.QuoteMeta(sourceName) + `:(\d+):(\d+)`)

// thrown describes a value that was thrown into a promise.
func (m *machine) thrown(value goja.Value) error {
	e := m.f.failed("", "")
	var stack string
	e.Message, stack = m.describe(value)
	if match := place.FindStringSubmatch(stack); match != nil {
		line, _ := strconv.Atoi(match[1])
		column, _ := strconv.Atoi(match[2])
		e.Line, e.Column = unwrap(line, column)
	}
	e.Hint = hint(e.Message)
	return e
}

// describe returns the text and the stack of a thrown value. Both may be
// methods of the function's own, so they run inside the engine.
func (m *machine) describe(value goja.Value) (text, stack string) {
	text = "a value that has no text"
	_, _ = m.calling(func() {
		text = value.String()
		if object, ok := value.(*goja.Object); ok && object.Get("stack") != nil {
			stack = object.Get("stack").String()
		}
	})
	return text, stack
}

// explain turns the engine's errors into the package's.
func (m *machine) explain(ctx context.Context, err error) error {
	var (
		exception   *goja.Exception
		interrupted *goja.InterruptedError
		overflow    *goja.StackOverflowError
	)
	e := &Error{Code: ExecutionError, Function: m.f.config.Name}
	var stack []goja.StackFrame
	switch {
	case errors.As(err, &interrupted) && interrupted.Value() == errTooLarge:
		e.Message, stack = errTooLarge.Error(), interrupted.Stack()
		e.Hint = "CloudFront allows 2 MB; look for what grows"
	case errors.As(err, &interrupted):
		if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errTooLong) {
			return cause
		}
		e.Message, stack = fmt.Sprintf("the function ran longer than %v", MaxDuration), interrupted.Stack()
		e.Hint = "CloudFront allows about a millisecond; look for a loop without an end"
	case errors.As(err, &overflow):
		e.Message, stack = "RangeError: Maximum call stack size exceeded", overflow.Stack()
		e.Hint = "look for a recursion without an end"
	case errors.As(err, &exception):
		e.Message, _ = m.describe(exception.Value())
		stack = exception.Stack()
		e.Hint = hint(e.Message)
	default:
		return err
	}
	for _, frame := range stack {
		if frame.SrcName() == sourceName {
			e.Line, e.Column = unwrap(frame.Position().Line, frame.Position().Column)
			break
		}
	}
	return e
}

// hint says what usually stands behind an engine's message.
func hint(message string) string {
	for _, h := range hints {
		if h.pattern.MatchString(message) {
			return h.text
		}
	}
	return ""
}

var hints = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`^ReferenceError: set\w+ |^ReferenceError: clear\w+ `), "CloudFront Functions have no timers"},
	{regexp.MustCompile(`^ReferenceError: (fetch|XMLHttpRequest) `), "CloudFront Functions have no network"},
	{regexp.MustCompile(`^ReferenceError: process `), "CloudFront Functions have no process and no environment variables; use a key value store"},
	{regexp.MustCompile(`^TypeError: Cannot read property 'value' of undefined`), "the header, cookie or parameter is absent: test it before reading .value"},
	{regexp.MustCompile(`^ReferenceError: \w+ is not defined|is not a function`), "see the built-ins that the runtime has: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-features.html"},
}

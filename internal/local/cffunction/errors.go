package cffunction

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
)

// A Problem is one place of the code that CloudFront's engine can't run.
type Problem = cloudfrontjs.Problem

// A CompileError says why the code of a function can't run. AWS deploys such code
// and responds to every request with a 503.
type CompileError struct {
	// Function is the function's name.
	Function string

	// Runtime is the runtime that the code was checked against.
	Runtime string

	// Problems holds at least one problem, in the order of the code.
	Problems []Problem
}

// Error names the function and the runtime, and lists every problem.
func (e *CompileError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, problem := range e.Problems {
		lines[i] = problem.String()
	}
	return fmt.Sprintf("CloudFront function %s can't run on %s: %s", e.Function, e.Runtime, strings.Join(lines, "; "))
}

// Codes of the errors of a function at a request.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/troubleshooting-response-errors.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-headers
// Seen: https://github.com/cdklabs/construct-hub/pull/402
const (
	// ExecutionError means that the function threw, ran too long, or never
	// finished. CloudFront responds with a 503.
	ExecutionError = "FunctionExecutionError"

	// ValidationError means that CloudFront rejects the function's result. It
	// responds with a 502.
	ValidationError = "FunctionValidationError"
)

// An Error is a function that failed at a request.
type Error struct {
	// Code is ExecutionError or ValidationError.
	Code string

	// Function is the function's name.
	Function string

	// Problem is where the code was, and what was thrown, in the engine's words;
	// or where the handler begins, and what is wrong with which field.
	Problem
}

// Error gives the code, the function with the line and the column, what was
// thrown or is wrong with the result in AWS's words, and the hint.
//
// Seen: published functions quote AWS's test output as "The CloudFront function
// returned an invalid value: response.headers must have header names in lower
// case."
func (e *Error) Error() string {
	where, problem := e.Code+" in "+e.Function+":", e.Problem
	if problem.Line == 0 {
		where += " "
	}
	if e.Code == ValidationError {
		problem.Message = "The CloudFront function returned an invalid value: " + e.Message
	}
	return where + problem.String()
}

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

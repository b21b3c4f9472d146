package cffunction

import (
	"errors"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
)

// sourceName stands in the engine's stack traces for the function's code.
const sourceName = "function.js"

// The code runs inside a function, so that each request has its own variables.
// Everything before it stands on its first line, which keeps line numbers.
const (
	prefix = "(function(){"
	suffix = "\n;return handler})"
)

// A source is checked code, ready to be compiled.
type source struct {
	wrapped  string
	handler  Problem // its place only
	warnings []Problem
}

// parse checks the code and finds its entry point.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/writing-function-code.html
func parse(config Config) (*source, []Problem) {
	script, problems := cloudfrontjs.Parse(sourceName, config.Code, config.Runtime)
	if len(problems) > 0 {
		return nil, problems
	}
	handler, ok := script.Lookup("handler")
	if !ok {
		return nil, []Problem{{Message: "there is no function named handler", Hint: "write function handler(event) { … } at the top level"}}
	}
	return &source{wrapped: prefix + script.Code + suffix, handler: handler, warnings: script.Warnings}, nil
}

// atHandler returns a problem at the place of the handler.
func (f *Function) atHandler(message, hint string) Problem {
	problem := f.source.handler
	problem.Message, problem.Hint = message, hint
	return problem
}

func (f *Function) failed(message, hint string) *Error {
	return &Error{ExecutionError, f.config.Name, f.atHandler(message, hint)}
}

// problem places an error of the compiler, which saw the wrapped code.
func (s *source) problem(err error) Problem {
	var syntax *goja.CompilerSyntaxError
	if errors.As(err, &syntax) && syntax.File != nil {
		position := syntax.File.Position(syntax.Offset)
		line, column := unwrap(position.Line, position.Column)
		return Problem{Line: line, Column: column, Message: "SyntaxError: " + syntax.Message}
	}
	return Problem{Message: err.Error()}
}

// unwrap turns a place in the wrapped code into one in the function's own.
func unwrap(line, column int) (int, int) {
	if line == 1 {
		column = max(column-len(prefix), 1)
	}
	return line, column
}

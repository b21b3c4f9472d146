package cffunction

import (
	"fmt"
	"strings"

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

// An ExecutionError says that a function threw, ran too long, or never
// finished. CloudFront responds with a 503, FunctionExecutionError.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/troubleshooting-response-errors.html
//
// Seen: https://github.com/cdklabs/construct-hub/pull/402
type ExecutionError struct {
	// Function is the function's name.
	Function string

	// Line and Column say where the code was, from 1; 0 if that is not known.
	Line, Column int

	// Message is what was thrown, in the engine's words.
	Message string

	// Hint says what to do; it may be empty.
	Hint string
}

// Error gives the code, the function with the line and the column, what was
// thrown, and the hint.
func (e *ExecutionError) Error() string {
	return describe("FunctionExecutionError", e.Function, e.Line, e.Column, e.Message, e.Hint)
}

// A ValidationError says why CloudFront rejects a function's result. CloudFront
// responds with a 502, FunctionValidationError.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-headers
type ValidationError struct {
	// Function is the function's name.
	Function string

	// Line and Column say where the handler begins, from 1.
	Line, Column int

	// Message names the field and what is wrong with it.
	Message string

	// Hint says what to do; it may be empty.
	Hint string
}

// Error gives the code, the function with the line and the column, what is wrong
// with the result in AWS's words, and the hint.
//
// Seen: published functions quote AWS's test output as "The CloudFront function
// returned an invalid value: response.headers must have header names in lower
// case."
func (e *ValidationError) Error() string {
	return describe("FunctionValidationError", e.Function, e.Line, e.Column,
		"The CloudFront function returned an invalid value: "+e.Message, e.Hint)
}

func describe(code, function string, line, column int, message, hint string) string {
	where := function
	if line > 0 {
		where = fmt.Sprintf("%s:%d:%d", function, line, column)
	}
	text := fmt.Sprintf("%s in %s: %s", code, where, message)
	if hint != "" {
		text += " (" + hint + ")"
	}
	return text
}

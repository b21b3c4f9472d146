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

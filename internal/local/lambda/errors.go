package lambda

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/handlerlog"
)

// Types of the errors that Lambda itself reports, as errorType carries them.
const (
	// errorExit is a process that ended on its own.
	//
	// Seen: {"errorType":"Runtime.ExitError","errorMessage":"RequestId: … Error: Runtime exited with error: exit status 1"}
	errorExit = "Runtime.ExitError"

	// errorTimedOut is an invocation that took longer than the function's timeout.
	//
	// Seen: {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: … Error: Task timed out after 3.00 seconds"}
	errorTimedOut = "Sandbox.Timedout"

	// errorTooLarge is a response over the limit of its invocation.
	//
	// Seen: "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
	errorTooLarge = "Function.ResponseSizeTooLarge"

	// errorTruncated is a response whose connection broke while the process ran on.
	//
	// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
	errorTruncated = "Runtime.TruncatedResponse"

	// errorEntrypoint is a process that the system can't start.
	//
	// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
	errorEntrypoint = "Runtime.InvalidEntrypoint"

	// errorExtensionLaunch and errorExtensionCrash are an extension that the system can't
	// start, or that ended before its environment.
	//
	// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
	errorExtensionLaunch = "Extension.LaunchError"
	errorExtensionCrash  = "Extension.Crash"

	// errorUnknown is the type of an error that a runtime reported without one.
	//
	// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
	errorUnknown = "Runtime.Unknown"
)

// A FunctionError is an invocation that failed in the function's code, its
// runtime or its process: what Lambda marks with X-Amz-Function-Error.
type FunctionError struct {
	// Type is the errorType, for example "Runtime.ExitError",
	// "Sandbox.Timedout" or the name of the handler's own error.
	Type string

	// Message is the errorMessage, without the RequestId that Lambda puts in front.
	Message string

	early explanation // of an error in the init phase
}

// Error returns the type, the message, and what is known of the cause.
func (e *FunctionError) Error() string {
	return strings.TrimSuffix(e.short()+"; "+e.why().cause, "; ")
}

func (e *FunctionError) short() string { return handlerlog.Printable(e.Type + ": " + e.Message) }

// Unwrap returns the cause and the hint.
func (e *FunctionError) Unwrap() error {
	return &fault.Error{Problem: e.why().cause, Hint: e.why().hint}
}

func newTimeoutError(limit time.Duration) *FunctionError {
	return &FunctionError{Type: errorTimedOut, Message: fmt.Sprintf("Task timed out after %.2f seconds", limit.Seconds())}
}

// newReportedError returns the error that a runtime reported. The type is the
// header's or trailer's if the document has none.
func newReportedError(headerType string, payload []byte) *FunctionError {
	var document struct {
		ErrorType    string `json:"errorType"`
		ErrorMessage string `json:"errorMessage"`
	}
	_ = json.Unmarshal(payload, &document) // or the header has all
	return &FunctionError{Type: cmp.Or(document.ErrorType, headerType, errorUnknown), Message: document.ErrorMessage}
}

// Reasons of a ThrottledError, as Lambda's TooManyRequestsException gives them.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
const (
	// ReasonReservedConcurrency means that as many requests are in progress as
	// the function has reserved.
	ReasonReservedConcurrency = "ReservedFunctionConcurrentInvocationLimitExceeded"

	// ReasonConcurrency means that MaxEnvironments are busy, which emulates the
	// limit of the account.
	ReasonConcurrency = "ConcurrentInvocationLimitExceeded"
)

// A ThrottledError is a request that found no free environment and no room for
// another: Lambda's 429, TooManyRequestsException.
type ThrottledError struct {
	// Function is the construct path of the function, or its name.
	Function string

	// Reason is ReasonReservedConcurrency or ReasonConcurrency.
	Reason string

	// Limit is the number of environments that were in use.
	Limit int
}

// Error says which limit was reached.
func (e *ThrottledError) Error() string {
	return fmt.Sprintf("all %d environments of %s are busy (%s)", e.Limit, e.Function, e.Reason)
}

// Hint says how to raise the limit.
func (e *ThrottledError) Hint() string {
	if e.Reason == ReasonReservedConcurrency {
		return "raise ReservedConcurrentExecutions, or send fewer requests at once"
	}
	return "allow more environments with --max-environments, or send fewer requests at once"
}

// ErrClosed is the error of invocations during or after Close.
var ErrClosed = errors.New("the function is closed")

package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
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

	// errorTooLarge is an answer over the limit of its invocation.
	//
	// Seen: "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
	errorTooLarge = "Function.ResponseSizeTooLarge"

	// errorTruncated is an answer whose connection broke while the process lived on.
	//
	// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
	errorTruncated = "Runtime.TruncatedResponse"

	// errorEntrypoint is a process that the system refuses to start.
	//
	// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
	errorEntrypoint = "Runtime.InvalidEntrypoint"

	// errorResponseMode is an unknown Lambda-Runtime-Function-Response-Mode.
	//
	// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
	errorResponseMode = "Runtime.InvalidResponseModeHeader"

	// errorUnknown stands where a runtime reported an error without a type.
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

	// Message is the errorMessage.
	Message string

	// Payload is the JSON document that the caller of Invoke gets on AWS: the
	// runtime's own, byte for byte, where it sent one.
	Payload []byte

	// RequestID is the id of the invocation; empty if the environment was
	// started ahead, for no request.
	RequestID string

	// Streamed reports whether the answer had begun. On AWS the viewer of a
	// broken stream sees it end as if complete.
	Streamed bool
}

// Error returns the type and the message.
func (e *FunctionError) Error() string {
	return e.Type + ": " + e.Message
}

// newFunctionError returns an error of the platform, worded as Lambda does.
func newFunctionError(errorType, requestID, reason string) *FunctionError {
	message := "Error: " + reason
	if requestID != "" {
		message = "RequestId: " + requestID + " " + message
	}
	return withPayload(&FunctionError{Type: errorType, Message: message, RequestID: requestID})
}

// newTimeoutError returns the error of an invocation that outlived limit.
func newTimeoutError(requestID string, limit time.Duration) *FunctionError {
	return newFunctionError(errorTimedOut, requestID, fmt.Sprintf("Task timed out after %.2f seconds", limit.Seconds()))
}

// newTooLargeError returns the error of an answer over limit bytes.
func newTooLargeError(requestID string, limit int64) *FunctionError {
	message := fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", limit)
	return withPayload(&FunctionError{Type: errorTooLarge, Message: message, RequestID: requestID})
}

// newReportedError returns the error that a runtime reported. The type in the
// header or trailer stands in where the document has none.
func newReportedError(requestID, headerType string, payload []byte) *FunctionError {
	var document struct {
		ErrorType    string `json:"errorType"`
		ErrorMessage string `json:"errorMessage"`
	}
	err := &FunctionError{Type: headerType, RequestID: requestID, Payload: payload}
	if json.Unmarshal(payload, &document) == nil {
		err.Message = document.ErrorMessage
		if document.ErrorType != "" {
			err.Type = document.ErrorType
		}
	}
	if err.Type == "" {
		err.Type = errorUnknown
	}
	if len(payload) == 0 {
		return withPayload(err)
	}
	return err
}

func withPayload(e *FunctionError) *FunctionError {
	e.Payload, _ = json.Marshal(struct {
		ErrorType    string `json:"errorType"`
		ErrorMessage string `json:"errorMessage"`
	}{e.Type, e.Message})
	return e
}

// ErrThrottled matches every ThrottledError.
var ErrThrottled = errors.New("lambda: throttled")

// Reasons of a ThrottledError, as Lambda's TooManyRequestsException gives them.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
const (
	// ReasonReservedConcurrency means that as many requests are in progress as
	// the function has reserved.
	ReasonReservedConcurrency = "ReservedFunctionConcurrentInvocationLimitExceeded"

	// ReasonConcurrency means that MaxEnvironments are busy, which plays the
	// limit of the account.
	ReasonConcurrency = "ConcurrentInvocationLimitExceeded"
)

// A ThrottledError is a request that found no free environment and no room for
// another: Lambda's 429, TooManyRequestsException.
type ThrottledError struct {
	// Function is the name of the function.
	Function string

	// Reason is ReasonReservedConcurrency or ReasonConcurrency.
	Reason string

	// Limit is the number of environments that were in use.
	Limit int
}

// Error says which limit was met and how to raise it.
func (e *ThrottledError) Error() string {
	remedy := "allow more environments at once (cloudfurl local --max-environments)"
	if e.Reason == ReasonReservedConcurrency {
		remedy = "raise ReservedConcurrentExecutions in the stack"
	}
	return fmt.Sprintf("lambda: %s: all %d environments are busy (%s); wait, or %s", e.Function, e.Limit, e.Reason, remedy)
}

// Is reports whether target is ErrThrottled.
func (e *ThrottledError) Is(target error) bool {
	return target == ErrThrottled
}

// ErrClosed is the error of an invocation that met, or was cut by, Close.
var ErrClosed = errors.New("lambda: the function is closed")

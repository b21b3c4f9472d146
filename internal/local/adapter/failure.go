package adapter

import (
	"errors"
	"fmt"
	"net/http"
)

// A failure is what Lambda gets in place of a response.
type failure struct {
	ErrorType    string `json:"errorType"`
	ErrorMessage string `json:"errorMessage"`
}

func (f failure) Error() string { return f.ErrorMessage }

// The adapter's error types are names of types in Rust.
//
// Seen: 1.0.0-rc1.
const (
	errorTypeBoxed = "&alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>"
	errorTypePanic = "&alloc::boxed::Box<dyn core::any::Any + core::marker::Send>"
)

func asFailure(err error) failure {
	var f failure
	if errors.As(err, &f) {
		return f
	}
	return failure{errorTypeBoxed, err.Error()}
}

// clientError is a request that the app didn't answer.
//
// Seen: 1.0.0-rc1, which doesn't say more to Lambda.
func clientError(err error) error {
	if isDial(err) {
		return failure{errorTypeBoxed, "client error (Connect)"}
	}
	return failure{errorTypeBoxed, "client error (SendRequest)"}
}

// configuredError is a status of AWS_LWA_ERROR_STATUS_CODES.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
// Seen: 1.0.0-rc1, for the words.
func configuredError(status int) error {
	return failure{errorTypeBoxed, fmt.Sprintf("Request failed with configured error status code: %d", status)}
}

// brokenBody is a response that ends too early, in buffered mode.
//
// Seen: 1.0.0-rc1.
func brokenBody(res *http.Response) error {
	kind := "IncompleteBody"
	if res.ContentLength < 0 {
		kind = `"unexpected EOF during chunk size line"`
	}
	return panicked("unable to read bytes from body: hyper::Error(Body, Custom { kind: UnexpectedEof, error: " + kind + " })")
}

// A fatalError ends the adapter: a header of a buffered response that isn't UTF-8.
//
// Seen: 1.0.0-rc1.
type fatalError struct{ header string }

func (e fatalError) Error() string {
	return "the header " + e.header + " of the app's response isn't UTF-8; the adapter exits"
}

// panicked is what the adapter doesn't expect.
//
// Seen: 1.0.0-rc1.
func panicked(message string) error {
	return failure{errorTypePanic, "Lambda panicked: " + message}
}

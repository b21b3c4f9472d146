package infra

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// An Error reports why a construct can't be defined from its props.
// Constructors panic with it, since they return no error.
type Error struct {
	// Path is the construct path of the construct, or of the scope it was to
	// be defined in.
	Path string

	// Reason says what was given, why it can't be used, and what to do.
	Reason string
}

// Error returns the path and the reason.
func (e *Error) Error() string {
	return e.Path + ": " + e.Reason
}

// Explain replaces the goroutine trace of a panic with an *Error by the error's
// message: it writes it to standard error and exits with code 1. Defer it in
// main, after jsii.Close. It doesn't handle other panics.
func Explain() {
	reason := recover()
	if reason == nil {
		return
	}
	err, ok := reason.(error)
	if invalid := new(Error); !ok || !errors.As(err, &invalid) {
		panic(reason)
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	jsii.Close()
	os.Exit(1)
}

// fail panics with an Error about the construct id in scope.
func fail(scope constructs.Construct, id *string, format string, args ...any) {
	path := *scope.Node().Path()
	if id != nil {
		if path != "" {
			path += "/"
		}
		path += *id
	}
	panic(&Error{Path: path, Reason: fmt.Sprintf(format, args...)})
}

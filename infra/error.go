package infra

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// An Error says why a construct could not be made from its props. Constructs
// panic with it, because a CDK program has no other way to fail early.
type Error struct {
	// Path is the construct path of the construct, or of the scope that it was
	// to be made in.
	Path string

	// Reason says what was given and what to do.
	Reason string
}

// Error returns the path and the reason.
func (e *Error) Error() string {
	return e.Path + ": " + e.Reason
}

// Explain ends the program with the sentence of an *Error that a construct
// panicked with, on standard error and with exit code 1, instead of a goroutine
// trace. Defer it in main, after jsii.Close. It leaves other panics alone.
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

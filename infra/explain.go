package infra

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/jsiiruntime"
)

// Explain replaces the goroutine trace of a panic with an error, of this package
// or of the CDK, by the error's message. It writes the message to standard error
// and exits with code 1. Defer it in main, after jsii.Close. It doesn't handle
// other panics. Without a panic, it closes jsii, and ends jsii's Node.js process if
// that hangs.
func Explain() {
	reason := recover()
	if reason == nil {
		if !jsiiruntime.Close() {
			fmt.Fprintln(os.Stderr, "warning: the Node.js process of the CDK didn't end; all is synthesized")
			os.Exit(0) // jsii.Close would wait for it
		}
		return
	}
	err, ok := reason.(error)
	if bug := runtime.Error(nil); !ok || errors.As(err, &bug) {
		panic(reason)
	}
	for _, line := range explanation(err, caller()) {
		fmt.Fprintln(os.Stderr, "error:", line)
	}
	jsiiruntime.Close()
	os.Exit(1)
}

// explanation returns what Explain prints about an error that was caused by the
// code at position, if that is known.
func explanation(err error, position string) []string {
	if invalid := new(Error); errors.As(err, &invalid) {
		return []string{err.Error()}
	}
	if problems := validationProblem.FindAllStringSubmatch(err.Error(), -1); len(problems) > 0 {
		var lines []string
		for _, p := range problems {
			path, problem := p[1], p[2]
			if !strings.HasPrefix(problem, path) {
				problem = path + ": " + problem
			}
			lines = append(lines, problem)
		}
		return lines
	}
	if position != "" {
		position += ": "
	}
	return []string{position + construct.CdkReason(err.Error())}
}

var (
	// validationProblem matches a line of the error that synthesis throws if
	// validations fail: the construct path and a problem.
	validationProblem = regexp.MustCompile(`(?m)^  \[(.*?)\] (.+)$`)
)

// caller returns the file and line of the function that called the CDK, or "".
func caller() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		frame, more := frames.Next()
		if f := frame.Function; f != "" && !strings.HasPrefix(f, "runtime.") && !strings.Contains(f, "/jsii-runtime-go") && !strings.Contains(f, "/aws-cdk-go/") && !strings.Contains(f, "/constructs-go/") {
			return fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
		}
		if !more {
			return ""
		}
	}
}

// An Error reports why a construct can't be defined from its props.
// Constructors panic with it, since they return no error.
type Error = construct.Error

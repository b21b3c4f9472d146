package construct

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
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

// Error returns the path, which an app doesn't have, and the reason.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Reason
	}
	return e.Path + ": " + e.Reason
}

// Fail panics with an Error about the construct id in scope.
func Fail(scope constructs.IConstruct, id *string, format string, args ...any) {
	panic(&Error{Path: pathOf(scope, id), Reason: fmt.Sprintf(format, args...)})
}

// Check panics with an Error about the construct id in scope if err isn't nil.
func Check(scope constructs.IConstruct, id *string, err error) {
	if err != nil {
		Fail(scope, id, "%v", err)
	}
}

// Reporting returns what turns an error of CDK, which often lacks a construct
// path, into an *Error about the construct id in scope. Defer what it returns.
func Reporting(scope constructs.IConstruct, id *string) func() {
	return func() {
		switch reason := recover().(type) {
		case nil:
		case *Error, runtime.Error:
			panic(reason)
		case error:
			panic(&Error{Path: pathOf(scope, id), Reason: CdkReason(reason.Error())})
		default:
			panic(reason)
		}
	}
}

// pathOf returns the path of the construct id in scope, or of scope if id is
// nil.
func pathOf(scope constructs.IConstruct, id *string) string {
	path := *scope.Node().Path()
	if id == nil {
		return path
	}
	if path == "" {
		return *id
	}
	return path + "/" + *id
}

var (
	// cdkErrorName matches the names that the CDK writes before a message.
	cdkErrorName = regexp.MustCompile(`^(?:[A-Z][A-Za-z0-9]+: |Resolution error: )+`)

	// unknownMember matches jsii's description of an invalid enum value.
	unknownMember = regexp.MustCompile(`(?s)Key '([^']+)'.*No such enum member: '([^']*)'`)
)

// CdkReason returns the message of an error of the CDK without its name. Of an
// invalid enum value it says the property instead of how jsii tried to read it.
func CdkReason(message string) string {
	if m := unknownMember.FindStringSubmatch(message); m != nil {
		name := strings.ToUpper(m[1][:1]) + m[1][1:]
		return fmt.Sprintf("got %s %q: use one of awscdk's constants", name, m[2])
	}
	return cdkErrorName.ReplaceAllString(message, "")
}

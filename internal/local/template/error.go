package template

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of an Error's text: elements that needed the failed one, and bytes of
// a path. A path that is longer keeps its end.
const (
	maxNeededBy = 8
	maxPath     = 1000
)

// An Error says which value of which template cannot be resolved.
type Error struct {
	// Stack is the ID of the stack whose template holds the value.
	Stack string

	// LogicalID is the logical id of the resource, or the name of the
	// parameter, condition or output.
	LogicalID string

	// Kind is what LogicalID names: "resource", "parameter", "condition",
	// "output", or "stack" if the problem is none of these.
	Kind string

	// Path leads from the element to the value, such as
	// Properties.Origins[0].DomainName. Empty if the element itself is meant.
	Path string

	// Problem is what is wrong there, in one clause.
	Problem string

	// Cure is what to do or what is known instead. It may be empty.
	Cure string

	// NeededBy names the elements that asked for this one, the nearest
	// first, at most 8 of them.
	NeededBy []string

	// pending is the path below an element that is still being walked up.
	pending string
}

// Error returns the place, the problem, the cure and who needed the value.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(describe(e.Stack, e.Kind, e.LogicalID, e.Path))
	b.WriteString(": ")
	b.WriteString(e.Problem)
	if e.Cure != "" {
		b.WriteString("; ")
		b.WriteString(e.Cure)
	}
	for _, place := range e.NeededBy {
		b.WriteString("; needed by ")
		b.WriteString(place)
	}
	return b.String()
}

func describe(stack, kind, id, path string) string {
	text := "stack " + stack
	if kind != "" && kind != kindStack {
		text += ", " + kind + " " + id
	}
	if path != "" {
		text += ", " + path
	}
	return text
}

// fail returns an error that has no place yet.
func fail(format string, args ...any) *Error {
	return &Error{Problem: fmt.Sprintf(format, args...)}
}

// cure returns a copy of e with what to do.
func (e *Error) cure(format string, args ...any) *Error {
	copied := *e
	copied.Cure = fmt.Sprintf(format, args...)
	return &copied
}

// known returns a copy of e whose cure lists the names that would have done.
func (e *Error) known(names []string) *Error {
	if len(names) == 0 {
		return e.cure("none is known")
	}
	names = slices.Clone(names)
	slices.Sort(names)
	return e.cure("known: %s", strings.Join(slices.Compact(names), ", "))
}

// inField returns err with one step of its path added in front. Errors are
// remembered and shared, so each step is a copy.
func inField(err error, name string) error {
	e := *asError(err)
	switch {
	case len(e.pending) > maxPath:
	case e.pending == "":
		e.pending = name
	case e.pending[0] == '[':
		e.pending = name + e.pending
	default:
		e.pending = name + "." + e.pending
	}
	return &e
}

func inIndex(err error, index int) error {
	e := *asError(err)
	if len(e.pending) > maxPath {
		return &e
	}
	step := fmt.Sprintf("[%d]", index)
	if e.pending != "" && e.pending[0] != '[' {
		step += "."
	}
	e.pending = step + e.pending
	return &e
}

// inElement returns err placed in an element of a template, or, if it has its
// place, needed by that element.
func inElement(err error, stack, kind, id string) error {
	e := *asError(err)
	path := e.pending
	e.pending = ""
	switch {
	case e.Kind == "":
		e.Stack, e.Kind, e.LogicalID, e.Path = stack, kind, id, path
	case len(e.NeededBy) < maxNeededBy:
		e.NeededBy = append(slices.Clone(e.NeededBy), describe(stack, kind, id, path))
	}
	return &e
}

// asError makes an *Error of the error of an identity that a caller gave.
func asError(err error) *Error {
	if e, ok := err.(*Error); ok {
		return e
	}
	return &Error{Problem: err.Error()}
}

// Package fault defines the one form of error that cloudfurl reports to people:
// where it is, what is wrong there, and what to do about it. Packages return it;
// only the command prints it, as a line "error:" and a line "hint:".
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// An Error is a mistake that a user can fix, and where.
type Error struct {
	// Where is the place: the path of a construct, a file, a flag or a URL.
	// It is empty until a caller that knows it uses At.
	Where string

	// Property is the path of a property there, such as
	// DistributionConfig.Origins[0].DomainName. It may be empty.
	Property string

	// Problem is what is wrong, in one clause.
	Problem string

	// Hint is what to do about it, without a full stop. It may be empty.
	Hint string

	// NeededBy names what asked for the value that is wrong, if that is another
	// place than Where. It may be empty.
	NeededBy string

	// Err is the error underneath, for errors.Is and errors.As. Its text isn't
	// shown: Problem has it where it helps. It may be nil.
	Err error
}

// maxProperty is the length, in bytes, from which the path of a property gets no
// further steps in front.
const maxProperty = 1000

// Error returns the place, the problem and what needed the value, but not the hint.
func (e *Error) Error() string {
	place := e.Where
	if e.Property != "" {
		if place != "" {
			place += ", "
		}
		place += e.Property
	}
	text := e.Problem
	if place != "" {
		text = place + ": " + text
	}
	if e.NeededBy != "" {
		text += " (needed by " + e.NeededBy + ")"
	}
	return text
}

// Unwrap returns the error underneath.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error without a place. Arguments for %w are unwrapped.
func New(hint, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Problem: err.Error(), Hint: hint, Err: errors.Unwrap(err)}
}

// In returns err with a step in front of its property: a name such as Origins,
// or an index such as [0]. An error that has a place already is returned as it is.
func In(step string, err error) error {
	if err == nil || step == "" {
		return err
	}
	e := from(err)
	if e.Where != "" {
		return err
	}
	switch {
	case len(e.Property) > maxProperty:
	case e.Property == "":
		e.Property = step
	case strings.HasPrefix(e.Property, "["):
		e.Property = step + e.Property
	default:
		e.Property = step + "." + e.Property
	}
	return e
}

// At returns err at a place, unless it has one already.
func At(where string, err error) error {
	if err == nil {
		return nil
	}
	e := from(err)
	if e.Where != "" {
		return err
	}
	e.Where = where
	return e
}

// Needed returns err with the name of what asked for the value, if err has its
// place and nothing nearer is known.
func Needed(by string, err error) error {
	e := from(err)
	if e.Where == "" || e.Where == by || e.NeededBy != "" {
		return err
	}
	e.NeededBy = by
	return e
}

// HintOf returns the hint of the first error in err's chain that has one, or "".
func HintOf(err error) string {
	for err != nil {
		e := new(Error)
		if !errors.As(err, &e) {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}

// from returns a copy of the fault that err is, or a new one with its text.
// Faults may be remembered and shared, so they are never changed.
func from(err error) *Error {
	if e, ok := err.(*Error); ok {
		copied := *e
		return &copied
	}
	e := &Error{Problem: err.Error(), Err: err}
	if inner := new(Error); errors.As(err, &inner) {
		e.Hint = inner.Hint
	}
	return e
}

package model

import "errors"

// An Error is why a model didn't answer. Problem and Hint are fit for viewers. Err
// may name accounts, roles and addresses, and is for the log.
type Error struct {
	// Model is the name of the model.
	Model string

	// Problem is what went wrong, as the rest of a sentence that begins with the
	// model: "is throttled".
	Problem string

	// Hint is what to do. Default: empty, nothing is known
	Hint string

	// Temporary reports whether the same request may succeed in a moment.
	Temporary bool

	// Err is what the model, or the network, said. Default: nil
	Err error
}

// Error returns the whole story.
func (e *Error) Error() string {
	text := e.Public()
	if e.Err != nil {
		text += " (" + e.Err.Error() + ")"
	}
	return text
}

// Public returns the story without Err.
func (e *Error) Public() string {
	text := "the model " + e.Model + " " + e.Problem
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// IsTemporary reports whether err is an *Error that may pass.
func IsTemporary(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.Temporary
}

package assembly

import "io/fs"

// An Error says which file or directory of an assembly cannot be used, why,
// and what to do about it.
type Error struct {
	// Path is the file or directory that was read.
	Path string

	// Problem is what is wrong with it, in one clause.
	Problem string

	// Cure is what to do, in one sentence without its full stop.
	Cure string

	// Err is the error underneath, or nil.
	Err error
}

// Error returns path, problem, underlying error and cure in one line.
func (e *Error) Error() string {
	text := e.Path + ": " + e.Problem
	// Where that is all of the error, the problem says it.
	if e.Err != nil && e.Err != fs.ErrNotExist {
		text += ": " + e.Err.Error()
	}
	if e.Cure != "" {
		text += "; " + e.Cure
	}
	return text
}

// Unwrap returns the error underneath, so that errors.Is(err, fs.ErrNotExist)
// tells a missing assembly from a broken one.
func (e *Error) Unwrap() error { return e.Err }

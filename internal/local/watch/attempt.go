package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// An attempt is what came of making one version.
type attempt struct {
	version Version
	digest  string
	begin   time.Time
	err     error
}

// begin begins to make a version. The channel gets one attempt.
func (r *Reloader) begin(ctx context.Context) (<-chan attempt, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	made := make(chan attempt, 1)
	served := r.served
	go func() { made <- r.attempt(ctx, served) }()
	return made, cancel
}

// discard ends an attempt that is being made, and closes what came of it.
func (r *Reloader) discard(stop context.CancelFunc, attempts <-chan attempt) {
	stop()
	if attempts == nil {
		return
	}
	if made := <-attempts; made.version != nil {
		if err := made.version.Close(); err != nil {
			r.Log.Warn(fmt.Sprintf("could not close a version that was never served: %v", err))
		}
	}
}

// attempt makes a version, unless the assembly is the one that is served. Only
// the first version is served before it is warm: there is none to serve
// meanwhile.
func (r *Reloader) attempt(ctx context.Context, served string) attempt {
	made := attempt{begin: time.Now()}
	temp, err := os.MkdirTemp(r.temp, "version")
	if err != nil {
		made.err = err
		return made
	}
	dir, err := r.Source.Prepare(ctx, temp)
	if err == nil {
		made.digest = digestOf(dir)
	}
	switch {
	case errors.Is(err, errVanished) && served == "":
		// Open has the words for what is wrong with it.
		_, made.err = r.Open(dir)
	case err != nil:
		made.err = err
	case made.digest == "" || made.digest != served:
		var opened Version
		if opened, err = r.Open(dir); err != nil {
			made.err = r.named(err, dir)
			break
		}
		made.version = &version{Version: opened, temp: temp}
		if served != "" {
			opened.Warm(ctx)
		}
	}
	if made.version == nil {
		os.RemoveAll(temp)
	}
	return made
}

// named returns an error in which the directory that was opened has the name
// that people know.
func (r *Reloader) named(err error, dir string) error {
	return &renamedError{err, strings.ReplaceAll(err.Error(), dir, r.Source.Name())}
}

// A version removes what it was made of when it is closed.
type version struct {
	Version

	temp string
}

// Close closes the version.
func (v *version) Close() error {
	return errors.Join(v.Version.Close(), os.RemoveAll(v.temp))
}

// A renamedError is an error in other words.
type renamedError struct {
	error
	words string
}

// Error returns the other words.
func (e *renamedError) Error() string {
	return e.words
}

// Unwrap returns the error as it was.
func (e *renamedError) Unwrap() error {
	return e.error
}

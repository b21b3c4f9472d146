package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Reloader makes a version whenever a source of its app changes. It makes one
// at a time: a change meanwhile starts over.
type Reloader struct {
	// App is what to watch and run: an App, or Files.
	App Source

	// Versions gets each version that could be opened.
	Versions *Versions

	// Open returns the version that an assembly defines, or an error when ctx ends.
	Open func(ctx context.Context, assembly string) (Version, error)

	// Served is called after each version has become the newest. An error ends
	// Run.
	// Default: nothing is called
	Served func(Version) error

	// Log gets the output of the app and what became of each change.
	Log *slog.Logger

	temp    string
	served  string // digest of the assembly that is served
	since   time.Time
	failure string
	changed map[string]bool
	warming sync.WaitGroup
}

// Run makes the first version, and one after each change, until ctx ends. If a
// version can't be made, it logs why and waits for the next change. It returns an
// error if the sources can't be watched, or if Served does. Its versions serve
// on: the caller closes Versions, and then calls Cleanup.
func (r *Reloader) Run(ctx context.Context) error {
	tree, err := newTree(r.App.Root(), r.App.Keep, r.Log)
	if err != nil {
		return err
	}
	if r.temp, err = os.MkdirTemp("", "cloudfurl-watch"); err != nil {
		return errors.Join(err, tree.watcher.Close())
	}
	r.changed = map[string]bool{}
	tree.stir = r.Versions.Hold
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { tree.run(ctx) })
	defer watching.Wait()
	defer r.warming.Wait()
	defer cancel()

	attempts, stop := r.begin(ctx)
	defer func() { r.discard(stop, attempts) }()
	for {
		select {
		case <-ctx.Done():
			return nil
		case paths := <-tree.changes:
			if len(paths) > 0 {
				r.discard(stop, attempts)
				r.note(paths)
				attempts, stop = r.begin(ctx)
			}
		case made := <-attempts:
			attempts = nil
			if err := r.take(ctx, made); err != nil {
				return err
			}
		}
		if attempts == nil && !tree.stirred.Load() {
			r.Versions.Release()
		}
	}
}

// Cleanup removes the assemblies of all versions.
func (r *Reloader) Cleanup() error { return os.RemoveAll(r.temp) }

// take serves the version that was made, or logs why making it failed.
func (r *Reloader) take(ctx context.Context, made attempt) error {
	switch {
	case ctx.Err() != nil:
		if made.version != nil {
			return made.version.Close()
		}
		return nil
	case made.err != nil:
		r.fail(made.err)
		return nil
	}
	took := time.Since(made.begin).Round(100 * time.Millisecond)
	what := r.describe()
	r.failure = ""
	clear(r.changed)
	if made.version == nil {
		r.Log.Info(fmt.Sprintf("nothing to reload after %s, the stacks are unchanged%s", took, what))
		return nil
	}
	first := r.since.IsZero()
	r.served, r.since = made.digest, time.Now()
	r.Versions.Swap(made.version)
	if first {
		r.warming.Go(func() { made.version.Warm(ctx) })
	} else {
		r.Log.Info(fmt.Sprintf("reloaded in %s%s", took, what))
	}
	if r.Served == nil {
		return nil
	}
	return r.Served(made.version.Version)
}

// fail logs an error and what is served meanwhile, unless it is the same as last
// time and the app didn't run.
func (r *Reloader) fail(err error) {
	if ran := new(exec.ExitError); !errors.As(err, &ran) && err.Error() == r.failure {
		return
	}
	r.failure = err.Error()
	message := "the app can't be served yet"
	if r.since.IsZero() {
		r.Versions.Explain(err.Error())
	} else {
		message = "not reloaded, still serving the version of " + r.since.Format("15:04:05")
	}
	fault.Log(r.Log, slog.LevelError, message, err.Error(), fault.HintOf(err))
}

// note remembers what changed, by the names that are logged.
func (r *Reloader) note(paths []string) {
	for _, path := range paths {
		if name, err := filepath.Rel(r.App.Root(), path); err == nil && name != "." {
			r.changed[name] = true
		}
	}
}

const maxListed = 3

// describe returns ": a, b and 2 more", or nothing for no changes.
func (r *Reloader) describe() string {
	names, more := slices.Sorted(maps.Keys(r.changed)), ""
	if len(names) == 0 {
		return ""
	}
	if over := len(names) - maxListed; over > 0 {
		names, more = names[:maxListed], fmt.Sprintf(" and %d more", over)
	}
	return ": " + strings.Join(names, ", ") + more
}

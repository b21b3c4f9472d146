package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Source is where assemblies come from. App and Directory are sources.
type Source interface {
	// Root returns the directory to watch, with those below it.
	Root() string

	// Keep says whether a change of the file calls for a new version, or
	// whether the directory may hold such files.
	Keep(path string, isDir bool) bool

	// Name returns what people call the source.
	Name() string

	// Prepare returns the directory of the assembly as it is now. It may use
	// the empty directory temp, which lives as long as the version does.
	Prepare(ctx context.Context, temp string) (string, error)
}

// A Reloader makes a version whenever its source changes. Never are two made at
// once: a change while one is being made begins anew.
type Reloader struct {
	// Source is where assemblies come from.
	Source Source

	// Versions gets each version that could be opened.
	Versions *Versions

	// Open returns the version that an assembly defines.
	Open func(assembly string) (Version, error)

	// Served is called after each version has become the newest.
	// Default: nothing is called
	Served func(Version)

	// Patient keeps the reloader waiting for changes if the first version
	// cannot be made.
	// Default: false, Run returns the error
	Patient bool

	// Log gets what happens, in the words of who caused it.
	Log *slog.Logger

	temp    string
	root    string
	served  string // digest of the assembly that is served
	since   time.Time
	failure string
	changed map[string]bool
	warming sync.WaitGroup
}

// Run makes the first version, and one after each change, until ctx ends. It
// returns an error if the source cannot be watched, or if the first version
// cannot be made and the reloader is not patient. The versions that it made go
// on: the caller closes Versions, and then calls Cleanup.
func (r *Reloader) Run(ctx context.Context) error {
	tree, err := newTree(r.Source.Root(), r.Source.Keep, r.Log)
	if err != nil {
		return err
	}
	if r.temp, err = os.MkdirTemp("", "cloudfurl-watch"); err != nil {
		return errors.Join(err, tree.watcher.Close())
	}
	r.root, r.changed = r.Source.Root(), map[string]bool{}
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
			r.discard(stop, attempts)
			for _, path := range paths {
				r.changed[path] = true
			}
			attempts, stop = r.begin(ctx)
		case made := <-attempts:
			attempts = nil
			if err := r.take(ctx, made); err != nil {
				return err
			}
		}
	}
}

// Cleanup removes what the versions were made of.
func (r *Reloader) Cleanup() error {
	if r.temp == "" {
		return nil
	}
	return os.RemoveAll(r.temp)
}

// take serves the version that was made, or says why there is none.
func (r *Reloader) take(ctx context.Context, made attempt) error {
	first := r.served == ""
	switch {
	case ctx.Err() != nil:
		if made.version != nil {
			return made.version.Close()
		}
		return nil
	case made.err != nil:
		if first && !r.Patient {
			return made.err
		}
		r.fail(made.err, first)
		return nil
	}
	took := time.Since(made.begin).Round(100 * time.Millisecond)
	what := r.describe()
	r.failure = ""
	clear(r.changed)
	if made.version == nil {
		r.Log.Info(fmt.Sprintf("nothing to reload after %s: the stacks are the same%s", took, what))
		return nil
	}
	r.served, r.since = made.digest, time.Now()
	if r.served == "" {
		r.served = "unknown"
	}
	r.Versions.Swap(made.version)
	opened := made.version.(*version).Version
	if first {
		r.warming.Go(func() { opened.Warm(ctx) })
	} else {
		r.Log.Info(fmt.Sprintf("reloaded in %s%s", took, what))
	}
	if r.Served != nil {
		r.Served(opened)
	}
	return nil
}

// fail says what went wrong, once, and what is served meanwhile.
func (r *Reloader) fail(err error, first bool) {
	command := new(CommandError)
	if errors.As(err, &command) {
		for _, line := range command.Output {
			r.Log.Error(line, "source", "app")
		}
	} else if err.Error() == r.failure {
		return
	}
	r.failure = err.Error()
	meanwhile := "the version of " + r.since.Format("15:04:05") + " serves on until that is repaired"
	if first {
		meanwhile = "there is nothing to serve until that is repaired"
		r.Versions.Explain(err.Error())
	}
	if errors.Is(err, errVanished) {
		r.Log.Warn(fmt.Sprintf("%s has vanished: the version of %s serves on until it returns", r.Source.Name(), r.since.Format("15:04:05")))
		return
	}
	r.Log.Error(err.Error(), "meanwhile", meanwhile)
}

// describe lists what changed, in a few words.
func (r *Reloader) describe() string {
	var names []string
	for path := range r.changed {
		name, err := filepath.Rel(r.root, path)
		if err == nil && name != "." {
			names = append(names, name)
		}
	}
	return list(names)
}

// maxListed is how many names a line lists.
const maxListed = 3

// list returns ": a, b and 2 more", or nothing for no names.
func list(names []string) string {
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	more := ""
	if over := len(names) - maxListed; over > 0 {
		names, more = names[:maxListed], fmt.Sprintf(" and %d more", over)
	}
	return ": " + strings.Join(names, ", ") + more
}

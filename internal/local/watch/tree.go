package watch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quiet is how long nothing must change before a change is reported: editors and
// synthesis write several files one after the other.
const quiet = 100 * time.Millisecond

// returnPoll is how often a tree that has vanished is looked for.
const returnPoll = 250 * time.Millisecond

// maxHashed is the size, in bytes, up to which files are compared by content.
const maxHashed = 64 << 20

// A tree reports what changes in a directory and the directories below it.
type tree struct {
	root string
	keep func(path string, isDir bool) bool
	log  *slog.Logger

	// changes gets the paths that changed, sorted, once it has been quiet.
	changes chan []string

	watcher *fsnotify.Watcher
	dirs    map[string]bool
	digests map[string][sha256.Size]byte
	noted   map[string]bool // since it was quiet
	pending map[string]bool // to be reported
	gone    bool
}

// newTree watches root and the directories below it that keep is true for. Files
// that keep is false for are not reported. The root may be missing: it is
// reported when it comes.
func newTree(root string, keep func(path string, isDir bool) bool, log *slog.Logger) (*tree, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, watchError(root, err)
	}
	t := &tree{
		root: root, keep: keep, log: log,
		changes: make(chan []string),
		watcher: watcher,
		dirs:    map[string]bool{},
		digests: map[string][sha256.Size]byte{},
		noted:   map[string]bool{},
		pending: map[string]bool{},
	}
	if err := t.find(); err != nil {
		return nil, errors.Join(err, watcher.Close())
	}
	return t, nil
}

// run reports changes until ctx ends.
func (t *tree) run(ctx context.Context) {
	defer t.watcher.Close()
	timer := time.NewTimer(returnPoll)
	defer timer.Stop()
	var out chan []string
	var changed []string
	for {
		select {
		case <-ctx.Done():
			return
		case out <- changed:
			out, changed = nil, nil
			clear(t.pending)
		case event := <-t.watcher.Events:
			if t.note(event) {
				out = nil
				timer.Reset(quiet)
			}
		case err := <-t.watcher.Errors:
			// The system could not keep up: anything may have changed.
			t.log.Debug(fmt.Sprintf("watching %s: %v", t.root, err))
			t.noted[t.root] = true
			out = nil
			timer.Reset(quiet)
		case <-timer.C:
			t.settle()
			if t.gone {
				timer.Reset(returnPoll)
			}
			if changed = slices.Sorted(maps.Keys(t.pending)); len(changed) > 0 {
				out = t.changes
			}
		}
	}
}

// note remembers what an event says, and tells whether it matters.
func (t *tree) note(event fsnotify.Event) bool {
	name := event.Name
	switch {
	case event.Op == fsnotify.Chmod:
		return false
	case event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename):
		wasDir := t.dirs[name]
		t.forget(name)
		if name == t.root {
			t.gone = true
		}
		if !wasDir && !t.keep(name, false) {
			return false
		}
	case event.Has(fsnotify.Create):
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			// One that was there is another one now: it was moved over.
			t.forget(name)
			if err := t.add(name, true); err != nil {
				t.log.Warn(err.Error())
			}
			return len(t.noted) > 0
		}
		if !t.keep(name, false) {
			return false
		}
	case !t.keep(name, false):
		return false
	}
	t.noted[name] = true
	return true
}

// settle makes what was noted a change to report, but for files whose content is
// what it was.
func (t *tree) settle() {
	if err := t.find(); err != nil {
		t.log.Warn(err.Error())
	}
	for name := range t.noted {
		if !t.same(name) {
			t.pending[name] = true
		}
	}
	clear(t.noted)
}

// find looks for a root that has vanished, and watches directories that the
// system reported nothing of.
func (t *tree) find() error {
	err := t.add(t.root, false)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.gone = true
		t.forget(t.root)
		return nil
	case err == nil && t.gone:
		t.gone = false
		t.noted[t.root] = true
	}
	return err
}

// add watches a directory and those below it. With asChange, files that are
// there already are changes.
func (t *tree) add(dir string, asChange bool) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name != t.root:
			return nil
		case err != nil:
			return fmt.Errorf("cannot watch %s: %w", name, err)
		case !entry.IsDir():
			if asChange && t.keep(name, false) {
				t.noted[name] = true
			}
			return nil
		case !t.keep(name, true):
			return filepath.SkipDir
		case t.dirs[name]:
			return nil
		}
		if err := t.watcher.Add(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return watchError(name, err)
		}
		t.dirs[name] = true
		return nil
	})
}

// forget watches a directory and those below it no more. Where a directory is
// moved, the system goes on watching those below it under their old names.
func (t *tree) forget(dir string) {
	if !t.dirs[dir] {
		return
	}
	below := dir + string(filepath.Separator)
	for name := range t.dirs {
		if name == dir || strings.HasPrefix(name, below) {
			delete(t.dirs, name)
			// An error says that the system has dropped the watch already.
			_ = t.watcher.Remove(name)
		}
	}
}

// same says whether a file has the content that it had when it changed last. The
// first change of a file is one, and so is whatever cannot be read.
func (t *tree) same(name string) bool {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxHashed {
		delete(t.digests, name)
		return false
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return false
	}
	last, known := t.digests[name]
	t.digests[name] = sha256.Sum256(data)
	return known && last == t.digests[name]
}

// watchError says what to do where the system refuses to watch more.
func watchError(path string, err error) error {
	remedy := ""
	switch {
	case errors.Is(err, syscall.ENOSPC):
		// See: https://man7.org/linux/man-pages/man7/inotify.7.html
		remedy = ": the system watches as many directories as it may; raise fs.inotify.max_user_watches (sudo sysctl fs.inotify.max_user_watches=524288)"
	case errors.Is(err, syscall.EMFILE) && runtime.GOOS == "linux":
		remedy = ": raise fs.inotify.max_user_instances (sudo sysctl fs.inotify.max_user_instances=512), or end other programs that watch files"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		remedy = ": raise the number of open files (ulimit -n 10240)"
	}
	return fmt.Errorf("cannot watch %s: %w%s", path, err, remedy)
}

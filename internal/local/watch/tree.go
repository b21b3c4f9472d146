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
	"sync/atomic"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// quiet is how long nothing must change before changes are reported: editors
// write several files one after the other.
const quiet = 100 * time.Millisecond

// maxHashed is the size, in bytes, up to which files are compared by content.
const maxHashed = 64 << 20

// A tree reports what changes in a directory and the directories below it.
type tree struct {
	root string
	keep func(path string, isDir bool) bool
	log  *slog.Logger

	// changes gets the paths that changed, sorted, once it is quiet: none if no
	// content has changed after all.
	changes chan []string

	// stir is called at the first sign of a change. stirred is true from then on
	// until the change was taken from changes, or turned out to be none.
	stir    func()
	stirred atomic.Bool

	watcher *fsnotify.Watcher
	dirs    map[string]bool
	digests map[string][sha256.Size]byte
	noted   map[string]bool // since it was quiet
	created map[string]bool // of those, what wasn't there before
	pending map[string]bool // to be reported
}

// newTree watches root and the directories below it that keep is true for. It
// reports the files that keep is true for.
func newTree(root string, keep func(path string, isDir bool) bool, log *slog.Logger) (*tree, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, watchError(root, err)
	}
	t := &tree{
		root: root, keep: keep, log: log,
		changes: make(chan []string),
		stir:    func() {},
		watcher: watcher,
		dirs:    map[string]bool{},
		digests: map[string][sha256.Size]byte{},
		noted:   map[string]bool{},
		created: map[string]bool{},
		pending: map[string]bool{},
	}
	if err := t.add(root, false); err != nil {
		return nil, errors.Join(err, watcher.Close())
	}
	return t, nil
}

// run reports changes until ctx ends.
func (t *tree) run(ctx context.Context) {
	defer t.watcher.Close()
	timer := time.NewTimer(quiet)
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
			t.stirred.Store(false)
		case <-timer.C:
			t.settle()
			// With nothing to take, it is known already that nothing has changed.
			if changed = slices.Sorted(maps.Keys(t.pending)); len(changed) > 0 || t.stirred.Swap(false) {
				out = t.changes
			}
		case event := <-t.watcher.Events:
			if t.note(event) {
				out = nil
				t.stirs(timer)
			}
		case err := <-t.watcher.Errors:
			// The system's queue overflowed: anything may have changed.
			t.log.Debug(fmt.Sprintf("watching %s: %v", t.root, err))
			t.noted[t.root] = true
			out = nil
			t.stirs(timer)
		}
	}
}

// stirs says that something may have changed, once until it is known, and waits
// for quiet.
func (t *tree) stirs(timer *time.Timer) {
	timer.Reset(quiet)
	if !t.stirred.Swap(true) {
		t.stir()
	}
}

// note remembers the file of an event, and reports whether it matters.
func (t *tree) note(event fsnotify.Event) bool {
	name := event.Name
	switch {
	case event.Op == fsnotify.Chmod:
		return false
	case event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename):
		wasDir := t.dirs[name]
		t.forget(name)
		if !wasDir && !t.keep(name, false) {
			return false
		}
	case event.Has(fsnotify.Create):
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			// A directory may have been moved over the one that was watched.
			t.forget(name)
			if err := t.add(name, true); err != nil {
				t.warn(err)
			}
			return len(t.noted) > 0
		}
		if !t.keep(name, false) {
			return false
		}
		t.created[name] = !t.noted[name]
	case !t.keep(name, false):
		return false
	}
	t.noted[name] = true
	return true
}

// settle turns notes into changes to report, except for files whose content is
// the same, or that came and went, as those that editors write first, and watches
// directories that the system sent no event for.
func (t *tree) settle() {
	if err := t.add(t.root, false); err != nil {
		t.warn(err)
	}
	for name := range t.noted {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) && t.created[name] {
			continue
		}
		if !t.same(name) {
			t.pending[name] = true
		}
	}
	clear(t.noted)
	clear(t.created)
}

// warn logs that directories can't be watched.
func (t *tree) warn(err error) {
	fault.Log(t.log, slog.LevelWarn, "some changes won't be noticed", err.Error(), fault.HintOf(err))
}

// add watches a directory and those below it. With asChange, their files count as
// changed.
func (t *tree) add(dir string, asChange bool) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name != t.root:
			return nil
		case err != nil:
			return watchError(name, err)
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

// forget stops watching a directory and those below it. The system would go on
// watching those below a moved directory under their old names.
func (t *tree) forget(dir string) {
	if !t.dirs[dir] {
		return
	}
	below := dir + string(filepath.Separator)
	for name := range t.dirs {
		if name == dir || strings.HasPrefix(name, below) {
			delete(t.dirs, name)
			// It fails if the system has dropped the watch already.
			_ = t.watcher.Remove(name)
		}
	}
}

// same reports whether a file has the content that it had at its last change. The
// first change of a file counts, and so does a file that can't be read.
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

// watchError adds the hint for a limit of the system on what may be watched.
func watchError(path string, err error) error {
	hint := ""
	switch {
	case errors.Is(err, syscall.ENOSPC):
		// See: https://man7.org/linux/man-pages/man7/inotify.7.html
		hint = "raise fs.inotify.max_user_watches (sudo sysctl fs.inotify.max_user_watches=524288)"
	case errors.Is(err, syscall.EMFILE) && runtime.GOOS == "linux":
		hint = "raise fs.inotify.max_user_instances (sudo sysctl fs.inotify.max_user_instances=512), or end other programs that watch files"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		hint = "raise the number of open files (ulimit -n 10240)"
	}
	return fault.At(path, fault.New(hint, "can't watch the directory: %w", err))
}

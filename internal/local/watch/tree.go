package watch

import (
	"cmp"
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

// A tree reports what changes in a directory and the directories below it. The
// system's events only tell when to look: what has changed is the difference between
// two scans.
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
	moved   bool                   // a directory came or went since the last scan
	entries map[string]fs.FileInfo // files and directories at the last scan
	digests map[string][sha256.Size]byte
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
		digests: map[string][sha256.Size]byte{},
		pending: map[string]bool{},
	}
	if t.entries, err = t.scan(); err != nil {
		return nil, errors.Join(err, watcher.Close())
	}
	return t, nil
}

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
			if t.matters(event) {
				out = nil
				t.stirs(timer)
			}
		case err := <-t.watcher.Errors:
			// The system's queue overflowed: anything may have changed.
			t.log.Debug(fmt.Sprintf("watching %s: %v", t.root, err))
			t.moved = true
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

// matters reports whether an event is about a file or directory to keep.
func (t *tree) matters(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	info, err := os.Lstat(event.Name)
	isDir := err == nil && info.IsDir()
	known := t.entries[event.Name]
	wasDir := known != nil && known.IsDir()
	t.moved = t.moved || isDir || wasDir
	return wasDir || t.keep(event.Name, isDir)
}

// settle notes what has changed since the last scan. Files that came and went, as those
// that editors write first, are in neither scan.
func (t *tree) settle() {
	found, err := t.scan()
	if err != nil {
		fault.Log(t.log, slog.LevelWarn, "some changes won't be noticed", err.Error(), fault.HintOf(err))
	}
	for name, info := range found {
		was := t.entries[name]
		touched := was == nil || !os.SameFile(was, info) || !was.ModTime().Equal(info.ModTime()) || was.Size() != info.Size()
		if touched && !info.IsDir() && !t.same(name) {
			t.pending[name] = true
		}
	}
	for name := range t.entries {
		if found[name] != nil {
			continue
		}
		delete(t.digests, name)
		if found[filepath.Dir(name)] != nil { // else the directory is reported
			t.pending[name] = true
		}
	}
	t.entries = found
}

// scan returns the files and directories that keep is true for, and watches the new
// directories. After directories have come or gone, it watches all anew: the system
// would go on watching a moved one, and those below it, under their old names. The error
// is the first of several.
func (t *tree) scan() (found map[string]fs.FileInfo, failed error) {
	if t.moved {
		for _, name := range t.watcher.WatchList() {
			// It fails if the system has dropped the watch already.
			_ = t.watcher.Remove(name)
		}
	}
	found = map[string]fs.FileInfo{}
	walked := filepath.WalkDir(t.root, func(name string, entry fs.DirEntry, err error) error {
		isDir := err == nil && entry.IsDir()
		if err == nil && t.entries[name] == nil && !t.keep(name, isDir) {
			if isDir {
				return filepath.SkipDir
			}
			return nil
		}
		var info fs.FileInfo
		if err == nil {
			info, err = entry.Info()
		}
		if err == nil && isDir && (t.moved || t.entries[name] == nil) {
			err = t.watcher.Add(name)
		}
		switch {
		case err == nil:
			found[name] = info
		case name == t.root || !errors.Is(err, fs.ErrNotExist):
			failed = cmp.Or(failed, watchError(name, err))
		}
		return nil
	})
	t.moved = false
	return found, cmp.Or(failed, walked)
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

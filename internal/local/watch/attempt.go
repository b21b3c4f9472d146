package watch

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An attempt is the outcome of making one version: a version, an error, or
// neither if the assembly is the one that is served.
type attempt struct {
	version *version
	digest  string
	begin   time.Time
	err     error
}

// begin starts to make a version. The channel gets one attempt.
func (r *Reloader) begin(ctx context.Context) (<-chan attempt, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	made := make(chan attempt, 1)
	served, first := r.served, r.since.IsZero()
	go func() { made <- r.attempt(ctx, served, first) }()
	return made, cancel
}

// discard cancels an attempt and closes the version that it made, if any.
func (r *Reloader) discard(stop context.CancelFunc, attempts <-chan attempt) {
	stop()
	if attempts == nil {
		return
	}
	if made := <-attempts; made.version != nil {
		if err := made.version.Close(); err != nil {
			fault.Log(r.Log, slog.LevelWarn, "can't close a version that never served", err.Error(), "")
		}
	}
}

// attempt makes a version and warms it. The first version serves while it warms:
// nothing else can.
func (r *Reloader) attempt(ctx context.Context, served string, first bool) attempt {
	made := attempt{begin: time.Now()}
	temp, err := os.MkdirTemp(r.temp, "version")
	if err != nil {
		made.err = err
		return made
	}
	dir, err := r.App.Synthesize(ctx, temp)
	if err == nil {
		made.digest = digestOf(dir)
		if made.digest == "" || made.digest != served {
			var opened Version
			if opened, err = r.Open(ctx, dir); err == nil {
				made.version = &version{opened, temp}
			}
		}
	}
	if made.version == nil {
		made.err = errors.Join(renamed(err, dir), os.RemoveAll(temp))
	} else if !first {
		made.version.Warm(ctx)
	}
	return made
}

// digestOf returns a hash of the assembly in dir, links as they are. It is empty
// if a file can't be read.
func digestOf(dir string) string {
	var names []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && (entry.Type().IsRegular() || entry.Type() == fs.ModeSymlink) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return ""
	}
	// Hash1 writes names into the hash, and each version has its own directory.
	for i, name := range names {
		names[i] = strings.TrimPrefix(name, dir)
	}
	digest, err := dirhash.Hash1(names, func(name string) (io.ReadCloser, error) {
		if target, err := os.Readlink(dir + name); err == nil {
			return io.NopCloser(strings.NewReader(target)), nil
		}
		return os.Open(dir + name)
	})
	if err != nil {
		return ""
	}
	return digest
}

// renamed returns err with cdk.out in place of the temporary directory that was
// opened.
func renamed(err error, dir string) error {
	e, ok := err.(*fault.Error)
	if !ok || dir == "" {
		return err
	}
	copied := *e
	copied.Where = strings.ReplaceAll(e.Where, dir, "cdk.out")
	copied.Problem = strings.ReplaceAll(e.Problem, dir, "cdk.out")
	return &copied
}

// A version removes its assembly when it is closed.
type version struct {
	Version

	temp string
}

// Close closes the version.
func (v *version) Close() error {
	return errors.Join(v.Version.Close(), os.RemoveAll(v.temp))
}

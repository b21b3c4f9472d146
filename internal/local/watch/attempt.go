package watch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

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
	digest := sha256.New()
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() && entry.Type() != fs.ModeSymlink {
			return err
		}
		fmt.Fprintf(digest, "\n%q ", name[len(dir):])
		if target, err := os.Readlink(name); err == nil {
			io.WriteString(digest, target)
			return nil
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(digest, file)
		return err
	})
	if err != nil {
		return ""
	}
	return string(digest.Sum(nil))
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

func (v *version) Close() error {
	return errors.Join(v.Version.Close(), os.RemoveAll(v.temp))
}

package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settlePoll is how often an assembly that is being written is looked at.
const settlePoll = 100 * time.Millisecond

// errVanished tells that there is no assembly where one was.
var errVanished = errors.New("the assembly has vanished")

// A Directory is a cloud assembly that somebody else synthesizes. Versions are
// served from copies, so that they can go on when it changes or vanishes.
type Directory struct {
	name, path string
}

// NewDirectory returns the assembly in the directory name.
func NewDirectory(name string) (*Directory, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	return &Directory{name: name, path: path}, nil
}

// Root returns the directory of the assembly.
func (d *Directory) Root() string {
	return d.path
}

// Keep says whether a file is part of an assembly: locks and dependencies in
// assets are not.
func (d *Directory) Keep(path string, isDir bool) bool {
	base := filepath.Base(path)
	if isDir {
		return base != "node_modules"
	}
	// The end of a synthesis shows in the removal of its lock.
	return base == synthLock || !strings.HasSuffix(base, ".lock")
}

// Name returns the directory as it was given.
func (d *Directory) Name() string {
	return d.name
}

// Prepare copies the assembly, as soon as nobody writes it, to a directory below
// temp, and returns that. A directory without an assembly is returned as it is,
// for whoever opens it to say what is wrong.
func (d *Directory) Prepare(ctx context.Context, temp string) (string, error) {
	for {
		if !d.written() {
			copied, err := d.copy(filepath.Join(temp, "cdk.out"))
			switch {
			case errors.Is(err, errOutside):
				return d.path, nil
			case err == nil && copied != "":
				return copied, nil
			case errors.Is(err, fs.ErrNotExist) && d.vanished():
				return d.path, errVanished
			case err != nil && !errors.Is(err, fs.ErrNotExist):
				return "", fmt.Errorf("cannot copy %s: %w", d.name, err)
			}
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(settlePoll):
		}
	}
}

// copy copies the assembly to the directory to. It returns nothing if the
// assembly has changed meanwhile.
func (d *Directory) copy(to string) (string, error) {
	if d.vanished() {
		return "", fs.ErrNotExist
	}
	if err := os.RemoveAll(to); err != nil {
		return "", err
	}
	before, err := contentOf(d.path)
	if err != nil {
		return "", err
	}
	if err := copyContent(before, d.path, to); err != nil {
		return "", err
	}
	after, err := contentOf(d.path)
	if err != nil || !unchanged(before, after) {
		return "", err
	}
	return to, nil
}

// vanished says whether there is no assembly.
func (d *Directory) vanished() bool {
	_, err := os.Stat(filepath.Join(d.path, "manifest.json"))
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// synthLock is the file that holds the id of the process of a CDK CLI that
// writes the assembly.
//
// Seen: class RWLock of aws-cdk 2.1148.1.
const synthLock = "synth.lock"

// written says whether a CDK CLI that is alive writes the assembly.
func (d *Directory) written() bool {
	data, err := os.ReadFile(filepath.Join(d.path, synthLock))
	if err != nil {
		return false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	return err == nil && pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

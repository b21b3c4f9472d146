package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	tempPrefix = "cloudfurl-run-"

	// lockName is a file in the directory that a living process has locked. The
	// system unlocks it, however the process ends.
	lockName = "lock"
)

// ownTempDir makes the process put its temporary files into one new directory,
// and returns that. Removing it leaves nothing behind, even if the process ends
// while it unpacks something. If the process is killed, the next one removes it.
func ownTempDir() (string, error) {
	removeAbandoned(os.TempDir())
	temp, err := os.MkdirTemp("", tempPrefix)
	if err != nil {
		return "", err
	}
	if err := lock(temp); err != nil {
		return "", errors.Join(err, os.RemoveAll(temp))
	}
	return temp, os.Setenv("TMPDIR", temp)
}

// lock locks a directory until the process ends. The file has its name only when it
// is locked, so nobody finds it unlocked before.
func lock(dir string) error {
	path := filepath.Join(dir, lockName)
	fd, err := unix.Open(path+".new", unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return &os.PathError{Op: "open", Path: path, Err: err}
	}
	if unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) != nil {
		return nil // a file system without locks: the directory stays if the process is killed
	}
	return os.Rename(path+".new", path)
}

// removeAbandoned removes the directories of processes that don't live any more.
func removeAbandoned(parent string) {
	entries, _ := os.ReadDir(parent)
	for _, entry := range entries {
		if dir := filepath.Join(parent, entry.Name()); entry.IsDir() && strings.HasPrefix(entry.Name(), tempPrefix) && isAbandoned(dir) {
			os.RemoveAll(dir)
		}
	}
}

// isAbandoned reports whether a directory has a lock that nobody holds. One that
// anybody else made has none.
func isAbandoned(dir string) bool {
	fd, err := unix.Open(filepath.Join(dir, lockName), unix.O_RDWR|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	return unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) == nil
}

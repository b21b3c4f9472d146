package main

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// tempPrefix begins the name of a directory that a living process has locked. The system
// unlocks it, however the process ends.
const tempPrefix = "cloudfurl-run-"

// ownTempDir makes the process put its temporary files into one new directory,
// and returns that. Removing it leaves nothing behind, even if the process ends
// while it unpacks something. If the process is killed, the next one removes it.
func ownTempDir() (string, error) {
	removeAbandoned(os.TempDir())
	made, err := os.MkdirTemp("", "cloudfurl-new-")
	if err != nil {
		return "", err
	}
	temp := filepath.Join(filepath.Dir(made), tempPrefix+filepath.Base(made))
	if _, locked := lock(made); !locked {
		temp = made // a file system without locks: the directory stays if the process is killed
	} else if err := os.Rename(made, temp); err != nil {
		return "", err
	}
	return temp, os.Setenv("TMPDIR", temp)
}

// lock locks a directory until the process ends or closes it, unless another has.
func lock(dir string) (fd int, locked bool) {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	return fd, err == nil && unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) == nil
}

// removeAbandoned removes the directories of processes that don't live any more.
func removeAbandoned(parent string) {
	entries, _ := os.ReadDir(parent)
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), tempPrefix) {
			continue
		}
		dir := filepath.Join(parent, entry.Name())
		fd, abandoned := lock(dir)
		if abandoned {
			os.RemoveAll(dir)
		}
		unix.Close(fd)
	}
}

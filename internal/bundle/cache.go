package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// layout is the version of what this package makes of packages. It is part of
	// the keys of caches.
	layout = "5"

	// unused is how long a cache keeps packages that nobody uses.
	unused = 30 * 24 * time.Hour

	// partial is in the names of directories that aren't complete.
	partial = ".partial-"
)

// A Cache is a directory that keeps installed packages, for several processes at
// once. What is made of them is a copy, so nothing writes to them again. The zero value
// keeps nothing.
type Cache struct {
	Dir string
}

// UserCache returns the cache of this machine's user, or one that keeps nothing if
// there is no place for it.
func UserCache() Cache {
	dir, err := os.UserCacheDir()
	if err != nil {
		return Cache{}
	}
	return Cache{Dir: filepath.Join(dir, "cloudfurl", "dependencies")}
}

// use calls read with a directory of the installed packages.
func (c Cache) use(d dependencies, read func(dir string) error) error {
	key, err := d.key()
	if err != nil {
		return err
	}
	if c.Dir == "" || key == "" {
		return installed(os.TempDir(), d, read)
	}
	sum := sha256.Sum256([]byte(layout + "\n" + key))
	entry := filepath.Join(c.Dir, hex.EncodeToString(sum[:16]))
	if _, err := os.Stat(entry); err == nil {
		now := time.Now()
		// Only old entries are removed. A failure makes it older than it is.
		_ = os.Chtimes(entry, now, now)
		return read(entry)
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return fmt.Errorf("couldn't make a cache of dependencies: %w", err)
	}
	c.prune(time.Now())
	return installed(c.Dir, d, func(dir string) error {
		// If another process was faster, its entry is as good.
		err := os.Rename(dir, entry)
		if _, missing := os.Stat(entry); missing != nil {
			return fmt.Errorf("couldn't keep dependencies in the cache: %w", err)
		}
		return read(entry)
	})
}

// installed installs packages below a directory for the time of a call of read.
func installed(parent string, d dependencies, read func(dir string) error) error {
	temp, err := os.MkdirTemp(parent, "install"+partial)
	if err != nil {
		return fmt.Errorf("couldn't make a directory for dependencies: %w", err)
	}
	defer os.RemoveAll(temp)
	dir := filepath.Join(temp, "packages")
	err = os.Mkdir(dir, 0o755)
	for _, step := range []func(dir string) error{d.install, seal, read} {
		if err == nil {
			err = step(dir)
		}
	}
	return err
}

// prune removes what nobody has used for a while, and what interrupted processes
// left behind. What can't be removed stays.
func (c Cache) prune(now time.Time) {
	entries, err := os.ReadDir(c.Dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			continue
		}
		age := now.Sub(info.ModTime())
		if age > unused || age > 24*time.Hour && strings.Contains(entry.Name(), partial) {
			os.RemoveAll(filepath.Join(c.Dir, entry.Name()))
		}
	}
}

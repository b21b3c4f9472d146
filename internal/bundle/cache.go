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
	layout = "4"

	// unused is how long a cache keeps packages that nobody uses.
	unused = 30 * 24 * time.Hour

	// The parts of an entry: the packages, and a hash of them.
	packagesPart = "packages"
	sumPart      = "sum"

	// partial is in the names of directories that aren't complete.
	partial = ".partial-"
)

// A Cache is a directory that keeps installed packages, for several processes at
// once. The zero value keeps nothing.
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

// use calls read with a directory of the installed packages, which are as they were
// installed.
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
		if isUnchanged(entry) {
			now := time.Now()
			// Only old entries are removed. A failure makes it older than it is.
			_ = os.Chtimes(entry, now, now)
			return read(filepath.Join(entry, packagesPart))
		}
		if err := os.RemoveAll(entry); err != nil {
			return fmt.Errorf("couldn't remove dependencies from the cache, which have changed since they were installed: %w", err)
		}
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return fmt.Errorf("couldn't make a cache of dependencies: %w", err)
	}
	c.prune(time.Now())
	return installed(c.Dir, d, func(dir string) error {
		if err := keep(dir, entry); err != nil {
			return fmt.Errorf("couldn't keep dependencies in the cache: %w", err)
		}
		return read(filepath.Join(entry, packagesPart))
	})
}

// isUnchanged reports whether the packages of an entry are there, and as they were
// installed.
func isUnchanged(entry string) bool {
	want, err := os.ReadFile(filepath.Join(entry, sumPart))
	if err != nil {
		return false
	}
	got, err := sumOf(filepath.Join(entry, packagesPart))
	return err == nil && got == string(want)
}

// keep makes an entry of installed packages.
func keep(packages, entry string) error {
	sum, err := sumOf(packages)
	if err != nil {
		return err
	}
	made := packages + "-entry"
	if err := os.Mkdir(made, 0o755); err != nil {
		return err
	}
	if err := os.Rename(packages, filepath.Join(made, packagesPart)); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(made, sumPart), []byte(sum), plain); err != nil {
		return err
	}
	// If another process was faster, its entry is as good.
	if err := os.Rename(made, entry); err != nil && !isUnchanged(entry) {
		return err
	}
	return nil
}

// installed installs packages below a directory for the time of a call of read.
func installed(parent string, d dependencies, read func(dir string) error) error {
	temp, err := os.MkdirTemp(parent, "install"+partial)
	if err != nil {
		return fmt.Errorf("couldn't make a directory for dependencies: %w", err)
	}
	defer os.RemoveAll(temp)
	dir := filepath.Join(temp, packagesPart)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	if err := d.install(dir); err != nil {
		return err
	}
	if err := seal(dir); err != nil {
		return err
	}
	return read(dir)
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

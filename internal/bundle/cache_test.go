package bundle

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// A fake is dependencies that are installed by writing a file.
type fake struct {
	name      string
	installed *int
	err       error
	while     func()
}

func (f fake) key() (string, error) { return f.name, nil }

func (f fake) install(dir string) error {
	*f.installed++
	if f.while != nil {
		f.while()
	}
	if f.err != nil {
		return f.err
	}
	return os.WriteFile(filepath.Join(dir, "name"), []byte(f.name), 0o644)
}

// uses reads the file of dependencies from a cache.
func uses(t *testing.T, c Cache, f fake) string {
	t.Helper()
	var name []byte
	err := c.use(f, func(dir string) (err error) {
		name, err = os.ReadFile(filepath.Join(dir, "name"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(name)
}

func TestCache_installs_once_for_a_key(t *testing.T) {
	c := Cache{Dir: filepath.Join(t.TempDir(), "new")}
	var one, other int
	for range 3 {
		if got := uses(t, c, fake{name: "one", installed: &one}); got != "one" {
			t.Errorf("got %q, want one", got)
		}
		if got := uses(t, c, fake{name: "other", installed: &other}); got != "other" {
			t.Errorf("got %q, want other", got)
		}
	}
	if one != 1 || other != 1 {
		t.Errorf("installed %d and %d times, want once", one, other)
	}
}

func TestCache_keeps_nothing_of_what_has_no_key_or_failed(t *testing.T) {
	c := Cache{Dir: t.TempDir()}
	var keyless, failed int
	for range 2 {
		uses(t, c, fake{installed: &keyless})
		err := c.use(fake{name: "broken", installed: &failed, err: errors.New("no wheel")}, func(string) error { return nil })
		wantError(t, err, "no wheel")
	}
	if keyless != 2 || failed != 2 {
		t.Errorf("installed %d and %d times, want twice", keyless, failed)
	}
	if left, _ := os.ReadDir(c.Dir); len(left) > 0 {
		t.Errorf("got %v in the cache, want nothing", left)
	}
}

func TestCache_serves_two_processes_that_install_the_same(t *testing.T) {
	c := Cache{Dir: t.TempDir()}
	var wait sync.WaitGroup
	var counts [2]int
	var together sync.WaitGroup
	together.Add(2)
	for i := range counts {
		wait.Go(func() {
			both := fake{name: "same", installed: &counts[i], while: func() { together.Done(); together.Wait() }}
			if err := c.use(both, func(dir string) error { _, err := os.Stat(filepath.Join(dir, "name")); return err }); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if entries, _ := os.ReadDir(c.Dir); len(entries) != 1 {
		t.Errorf("got %v in the cache, want one entry", entries)
	}
}

func TestCache_forgets_what_nobody_uses(t *testing.T) {
	c := Cache{Dir: t.TempDir()}
	now := time.Now()
	for name, age := range map[string]time.Duration{"old": 31 * 24 * time.Hour, "recent": 24 * time.Hour, "install.partial-1": 25 * time.Hour, "install.partial-2": time.Minute} {
		path := filepath.Join(c.Dir, name)
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	uses(t, c, fake{name: "new", installed: new(int)})
	for name, want := range map[string]bool{"old": false, "recent": true, "install.partial-1": false, "install.partial-2": true} {
		if _, err := os.Stat(filepath.Join(c.Dir, name)); (err == nil) != want {
			t.Errorf("%s is kept: %v, want %v", name, err == nil, want)
		}
	}
}

func TestApp_has_no_links_to_its_cache(t *testing.T) {
	wheels(t, tool("py3-none-any", "native"))
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "tool==1.0\n")
	app := App{Dir: dir, Python: arm64, Cache: Cache{Dir: t.TempDir()}}
	name := filepath.Join("tool", "native.so")
	bundle, err := os.Stat(filepath.Join(mustBundle(t, app), name))
	if err != nil {
		t.Fatal(err)
	}
	cached, err := filepath.Glob(filepath.Join(app.Cache.Dir, "*", name))
	if err != nil || len(cached) != 1 {
		t.Fatalf("got %v (%v) in the cache, want one", cached, err)
	}
	if info, err := os.Stat(cached[0]); err != nil || os.SameFile(info, bundle) {
		t.Errorf("got one file in the cache and in the bundle (%v), want two: a change of one would change both", err)
	}
}

package main

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// dirs returns the names in a directory.
func dirs(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// startIn serves with another process's directory for temporary files.
func startIn(t *testing.T, temp string) (p *process, address string) {
	t.Helper()
	p = newProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0")
	p.temp = temp
	p.Env = append(p.Env, "TMPDIR="+temp)
	p.start(t)
	return p, p.waitFor(t, &p.stdout, `http://127\.0\.0\.1:\d+/`)
}

func TestLocal_removes_the_temporary_files_of_a_killed_process(t *testing.T) {
	temp := t.TempDir()
	killed, _ := startIn(t, temp)
	left := dirs(t, temp)
	killed.Process.Kill()
	<-killed.exited
	if len(left) != 1 || !slices.Equal(dirs(t, temp), left) {
		t.Fatalf("got %v and then %v, want one directory that stays", left, dirs(t, temp))
	}

	living, address := startIn(t, temp)
	own := dirs(t, temp)
	if len(own) != 1 || own[0] == left[0] {
		t.Errorf("got %v, want one directory other than %v", own, left)
	}
	other, _ := startIn(t, temp)
	if names := dirs(t, temp); len(names) != 2 || !slices.Contains(names, own[0]) {
		t.Errorf("got %v, want %v and another", names, own)
	}
	other.Process.Signal(os.Interrupt)
	<-other.exited
	get(t, address) // a handler has files there
	living.Process.Signal(os.Interrupt)
	living.ends(t, 0) // and leaves nothing
}

func TestTempDir_removes_only_directories_that_nobody_has_locked(t *testing.T) {
	parent, elsewhere := t.TempDir(), t.TempDir()
	locked := filepath.Join(parent, tempPrefix+"1")
	for _, dir := range []string{locked, filepath.Join(parent, "cloudfurl-new-2"), filepath.Join(parent, "other")} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if fd, ok := lock(locked); !ok {
		t.Fatal("a new directory can't be locked")
	} else {
		defer syscall.Close(fd)
	}
	writeFile(t, filepath.Join(parent, tempPrefix+"file"), "")
	writeFile(t, filepath.Join(elsewhere, "file"), "")
	if err := os.Symlink(elsewhere, filepath.Join(parent, tempPrefix+"link")); err != nil {
		t.Fatal(err)
	}
	before := dirs(t, parent)
	if err := os.MkdirAll(filepath.Join(parent, tempPrefix+"3", "environment"), 0o755); err != nil {
		t.Fatal(err)
	}
	removeAbandoned(parent)
	if after := dirs(t, parent); !slices.Equal(before, after) || len(dirs(t, elsewhere)) != 1 {
		t.Errorf("got %v, want %v", after, before)
	}
}

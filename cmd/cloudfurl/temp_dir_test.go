package main

import (
	"os"
	"path/filepath"
	"slices"
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

func TestTempDir_leaves_alone_what_others_made(t *testing.T) {
	parent, elsewhere := t.TempDir(), t.TempDir()
	for _, dir := range []string{filepath.Join(parent, tempPrefix+"1"), filepath.Join(parent, "cloudfurl"), filepath.Join(parent, tempPrefix+"2")} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, filepath.Join(parent, "cloudfurl", lockName), "")
	writeFile(t, filepath.Join(parent, tempPrefix+"file"), "")
	writeFile(t, filepath.Join(elsewhere, lockName), "")
	for link, target := range map[string]string{
		filepath.Join(parent, tempPrefix+"link"):        elsewhere,
		filepath.Join(parent, tempPrefix+"2", lockName): filepath.Join(elsewhere, lockName),
	} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	before := dirs(t, parent)
	removeAbandoned(parent)
	if after := dirs(t, parent); !slices.Equal(before, after) || len(dirs(t, elsewhere)) != 1 {
		t.Errorf("of %v there is %v", before, after)
	}

	abandoned := filepath.Join(parent, tempPrefix+"3")
	if err := os.MkdirAll(filepath.Join(abandoned, "environment"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(abandoned, lockName), "")
	removeAbandoned(parent)
	if after := dirs(t, parent); !slices.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
}

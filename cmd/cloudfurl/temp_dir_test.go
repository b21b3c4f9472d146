package main

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/guard"
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
	p.Env = append(p.Env, guard.TempVariable+"="+temp)
	p.start(t)
	return p, p.waitFor(t, &p.stdout, `http://127\.0\.0\.1:\d+/`)
}

func TestLocal_removes_the_temporary_files_of_a_killed_process(t *testing.T) {
	temp := t.TempDir()
	killed, _ := startIn(t, temp)
	left := dirs(t, temp)
	killed.Process.Kill()
	<-killed.exited
	for begin := time.Now(); len(dirs(t, temp)) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatalf("got %v and then %v, want none", left, dirs(t, temp))
		}
	}

	living, address := startIn(t, temp)
	own := dirs(t, temp)
	if len(left) != 1 || len(own) != 1 {
		t.Errorf("got %v and %v, want one directory each", left, own)
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

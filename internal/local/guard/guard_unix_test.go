//go:build unix

package guard

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func gone(pid int) bool {
	var status syscall.WaitStatus
	ended, _ := syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
	return ended == pid || syscall.Kill(pid, 0) != nil
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for begin := time.Now(); !holds(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatal("waited for: " + what)
		}
	}
}

func TestGuard_leaves_ended_groups_alone(t *testing.T) {
	sleep := func() *exec.Cmd {
		cmd := exec.Command("setsid", "sleep", "60")
		if err := cmd.Start(); err != nil {
			t.Skipf("setsid: %v", err)
		}
		t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
		return cmd
	}
	first, ended, last := sleep(), sleep(), sleep()
	for _, cmd := range []*exec.Cmd{first, ended, last} {
		eventually(t, "each has its own group", func() bool {
			group, err := syscall.Getpgid(cmd.Process.Pid)
			return err == nil && group == cmd.Process.Pid
		})
	}
	guard := exec.Command("/bin/sh", "-c", script)
	input, err := guard.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := guard.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(input, "+ group %d\n+ group %d\n+ group %d\n- group %d\n", first.Process.Pid, ended.Process.Pid, last.Process.Pid, ended.Process.Pid)
	input.Close()
	guard.Wait()
	eventually(t, "the others have ended", func() bool { return gone(first.Process.Pid) && gone(last.Process.Pid) })
	if gone(ended.Process.Pid) {
		t.Error("the group that had ended was killed")
	}
}

func TestGuard_removes_the_directory(t *testing.T) {
	parent := t.TempDir()
	own := filepath.Join(parent, "temporary files")
	for _, dir := range []string{filepath.Join(own, "environment"), filepath.Join(parent, "temporary")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	guard := exec.Command("/bin/sh", "-c", script)
	guard.Stdin = strings.NewReader("+ directory temp " + own + "\n+ api 127.0.0.1:1\n- api 127.0.0.1:1\n")
	if err := guard.Run(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 || entries[0].Name() != "temporary" {
		t.Errorf("got %v (%v), want only the directory that isn't the program's", entries, err)
	}
}

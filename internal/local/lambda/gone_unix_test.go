//go:build unix

package lambda

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// gone reports whether a process has ended, reaped or not.
func gone(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		return strings.Contains(string(stat), ") Z ")
	}
	return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

// daemonOf waits for the process that has left its group, whose id is in a file. It
// is ended with the test.
func daemonOf(t *testing.T, path string) (pid int) {
	t.Helper()
	eventually(t, "the daemon has its own session", func() bool {
		content, err := os.ReadFile(path)
		if err != nil {
			return false
		}
		pid, _ = strconv.Atoi(strings.TrimSpace(string(content)))
		group, err := syscall.Getpgid(pid)
		return err == nil && group == pid
	})
	t.Cleanup(func() { syscall.Kill(pid, syscall.SIGKILL) })
	return pid
}

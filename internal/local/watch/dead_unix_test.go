//go:build unix

package watch

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// dead reports whether a process has ended, a zombie or not.
func dead(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

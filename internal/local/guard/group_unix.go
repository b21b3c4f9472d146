//go:build unix

package guard

import (
	"os/exec"
	"syscall"
)

// TempVariable names the directory of temporary files.
const TempVariable = "TMPDIR"

// Shell returns the words that run a command line.
func Shell(line string) []string { return []string{"/bin/sh", "-c", line} }

// A Group is a command with its descendants, in a process group of its own.
type Group struct{ *exec.Cmd }

// NewGroup returns the group of a command that hasn't started.
func NewGroup(cmd *exec.Cmd) *Group {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &Group{cmd}
}

// Signal sends a signal to all processes of the group.
func (g *Group) Signal(signal syscall.Signal) error { return syscall.Kill(-g.Process.Pid, signal) }

// End ends what the command left behind when it ended.
func (g *Group) End() { g.Signal(syscall.SIGKILL) }

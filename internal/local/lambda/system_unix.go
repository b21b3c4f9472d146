//go:build unix

package lambda

import (
	"os"

	"golang.org/x/sys/unix"
)

// findProgram returns a program and its arguments that run a command: env finds it in the
// PATH that the command gets, which isn't this program's.
func findProgram(command, _ []string) (program string, args []string) {
	return "/usr/bin/env", command
}

// unread reports whether a pipe has something to read.
func unread(pipe *os.File) (unread bool) {
	connection, err := pipe.SyscallConn()
	if err != nil {
		return false
	}
	connection.Control(func(fd uintptr) {
		state := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(state, 0)
		unread = n > 0 && err == nil && state[0].Revents&unix.POLLIN != 0
	})
	return unread
}

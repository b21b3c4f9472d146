package lambda

import (
	"os"
	"os/exec"
	"path/filepath"
)

// findProgram returns a program and its arguments that run a command: the first of that
// name in the PATH that the command gets, with an extension such as .exe or .cmd.
func findProgram(command, searchPath []string) (program string, args []string) {
	program = command[0]
	for _, dir := range searchPath {
		if found, err := exec.LookPath(filepath.Join(dir, program)); err == nil && filepath.Base(program) == program {
			return found, command[1:]
		}
	}
	return program, command[1:]
}

// unread reports that a pipe may have something to read: Windows doesn't say while
// another thread reads.
//
// See: https://learn.microsoft.com/en-us/windows/win32/api/namedpipeapi/nf-namedpipeapi-peeknamedpipe
func unread(*os.File) bool { return true }

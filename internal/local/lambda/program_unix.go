//go:build unix

package lambda

// findProgram returns a program and its arguments that run a command: env finds it in the
// PATH that the command gets, which isn't this program's.
func findProgram(command, _ []string) (program string, args []string) {
	return "/usr/bin/env", command
}

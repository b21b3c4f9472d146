package lambda

import "os"

// gone reports whether a process has ended.
func gone(pid int) bool {
	process, err := os.FindProcess(pid)
	if err == nil {
		process.Release()
	}
	return err != nil
}

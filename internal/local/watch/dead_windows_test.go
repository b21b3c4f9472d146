package watch

import "os"

// dead reports whether a process has ended.
func dead(pid int) bool {
	process, err := os.FindProcess(pid)
	if err == nil {
		process.Release()
	}
	return err != nil
}

package localtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Children returns the ids of a process's children. It reads /proc, so outside
// Linux it returns nothing.
func Children(parent int) []string {
	var found []string
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// The name in parentheses may hold anything.
		rest := string(data[strings.LastIndex(string(data), ")")+1:])
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == fmt.Sprint(parent) {
			found = append(found, filepath.Base(filepath.Dir(path)))
		}
	}
	return found
}

// gone reports whether a process has ended. The system may take a moment to
// remove one that was killed.
func gone(pid string) bool {
	for range 20 {
		if _, err := os.Stat("/proc/" + pid); err != nil {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

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

// gone reports whether a process ends within patience: the system may take a moment
// for one that was killed. In a container, nobody may ever ask for its status.
func gone(pid string) bool {
	for began := time.Now(); time.Since(began) < patience; time.Sleep(10 * time.Millisecond) {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return true
		}
	}
	return false
}

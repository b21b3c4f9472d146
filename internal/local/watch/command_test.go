package watch

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRunShell_returns_output_and_exit_status(t *testing.T) {
	output, err := runShell(timeout(t), "echo out; echo err >&2; exit 3", t.TempDir(), os.Environ(), slog.New(slog.DiscardHandler))
	if output != "out\nerr" || err == nil || err.Error() != "exit status 3" {
		t.Errorf("got %q, %v", output, err)
	}
}

func TestRunShell_leaves_no_process_of_the_group(t *testing.T) {
	tests := map[string]string{
		"canceled":             "sleep 300 & echo $! > pid; wait",
		"ignores SIGINT":       "trap '' INT; sleep 300 & echo $! > pid; while :; do wait; done",
		"succeeded":            "sleep 300 >/dev/null 2>&1 & echo $! > pid",
		"with its output open": "sleep 300 & echo $! > pid",
	}
	for name, line := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ctx, cancel := context.WithCancel(timeout(t))
			defer cancel()
			done := make(chan error, 1)
			go func() {
				_, err := runShell(ctx, line, dir, os.Environ(), slog.New(slog.DiscardHandler))
				done <- err
			}()
			var pid int
			eventually(t, func() bool {
				data, _ := os.ReadFile(filepath.Join(dir, "pid"))
				pid, _ = strconv.Atoi(strings.TrimSpace(string(data)))
				return pid > 0
			}, func() string { return "the command to start" })
			if strings.Contains(line, "wait") {
				cancel()
			}
			select {
			case err := <-done:
				if strings.Contains(line, "wait") == (err == nil) {
					t.Errorf("got error %v", err)
				}
			case <-time.After(patience):
				t.Fatal("the command did not end")
			}
			eventually(t, func() bool { return dead(pid) }, func() string { return "the child to end" })
		})
	}
}

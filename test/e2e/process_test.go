package e2e

import (
	"net/http"
	"os"
	"syscall"
	"testing"
)

func TestEdge_ends_cleanly_on_a_signal(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			e := serve(t, built.assembly)
			send(t, http.MethodPost, e.URL+"/echo", []byte("body"))
			// This stream is running when the signal arrives.
			response, err := http.Get(e.URL + "/")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()

			e.Stop(t, signal)
			if code := e.Process.ProcessState.ExitCode(); code != 0 {
				t.Errorf("got exit code %d, want 0", code)
			}
		})
	}
}

func TestEdge_logs_why_a_handler_crashes_at_start(t *testing.T) {
	assembly, executable := replaceable(t)
	const script = "#!/bin/sh\necho 'no configuration: set MODEL' >&2\nexit 3\n"
	if err := os.WriteFile(executable, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	e := serve(t, assembly)
	response, got := send(t, http.MethodGet, e.URL+"/inspect", nil)
	if response.StatusCode != http.StatusBadGateway {
		t.Errorf("got %d %s, want 502", response.StatusCode, got)
	}
	e.WaitForLog(t, "no configuration: set MODEL", "Runtime.ExitError", "exit status 3")
}

package main

import (
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/guard"
	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// asCommand is the variable that makes the test's executable be cloudfurl.
const asCommand = "CLOUDFURL_TEST_COMMAND"

// A process is a running cloudfurl with its own directory for temporary files.
type process struct {
	*exec.Cmd

	stdout, stderr output
	temp           string
	exited         chan struct{}
}

// startProcess runs cloudfurl until the test ends.
func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	p := newProcess(t, args...)
	p.start(t)
	return p
}

// newProcess is startProcess before the start.
func newProcess(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{temp: t.TempDir(), exited: make(chan struct{})}
	p.Cmd = exec.Command(os.Args[0], args...)
	p.Env = append(os.Environ(), asCommand+"=1", guard.TempVariable+"="+p.temp)
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	return p
}

func (p *process) start(t *testing.T) {
	t.Helper()
	stop := localtest.HeedSignals()
	err := p.Cmd.Start()
	stop()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.exited)
		p.Wait()
	}()
	t.Cleanup(func() {
		p.Process.Kill()
		<-p.exited
		if t.Failed() {
			t.Logf("stdout:\n%s\nstderr:\n%s", &p.stdout, &p.stderr)
		}
	})
}

// waitFor waits until the process has printed what the pattern finds, and returns
// its group.
func (p *process) waitFor(t *testing.T, from *output, pattern string) string {
	t.Helper()
	compiled := regexp.MustCompile(pattern)
	for begin := time.Now(); time.Since(begin) < patience; time.Sleep(10 * time.Millisecond) {
		if found := compiled.FindStringSubmatch(from.String()); found != nil {
			return found[len(found)-1]
		}
	}
	t.Fatalf("waited %s for %s", patience, pattern)
	return ""
}

// ends waits for the process and checks its exit code, and that it left nothing.
func (p *process) ends(t *testing.T, code int) {
	t.Helper()
	select {
	case <-p.exited:
	case <-time.After(patience):
		t.Fatalf("the process is still running after %s", patience)
	}
	if got := p.ProcessState.ExitCode(); got != code {
		t.Errorf("got exit code %d, want %d", got, code)
	}
	left, err := os.ReadDir(p.temp)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("%s was left behind", entry.Name())
	}
}

// Package localtest helps tests that serve a CDK app with `cloudfurl local`, as
// a user would: it builds the command, synthesizes the app for this machine,
// and starts and stops the process.
package localtest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long the process may take to start, and to stop.
const patience = 20 * time.Second

// synthPatience is how long it may take if the app has to be compiled and run.
const synthPatience = 2 * time.Minute

// An Edge is a running `cloudfurl local`.
type Edge struct {
	// URL is the address of the first distribution, and FunctionURL that of the
	// first function URL, both without a slash at the end.
	URL, FunctionURL string

	// Banner is what the command printed before it was ready.
	Banner string

	// Process is the running command.
	Process *exec.Cmd

	exited chan struct{}
	log    lockedBuffer
}

// Serve runs command, an executable of cloudfurl, on an assembly until the test
// ends, with more flags. If the test fails it shows the process's log.
func Serve(t *testing.T, command, assembly string, flags ...string) *Edge {
	t.Helper()
	return start(t, patience, command, append([]string{"--assembly", assembly}, flags...)...)
}

// Watch runs command on the CDK app in the working directory until the test ends,
// and again whenever a source changes.
func Watch(t *testing.T, command string) *Edge {
	t.Helper()
	return start(t, synthPatience, command, "--watch", "--app", "go run -trimpath .")
}

func start(t *testing.T, patience time.Duration, command string, args ...string) *Edge {
	t.Helper()
	DependOnInputs()
	e := &Edge{exited: make(chan struct{})}
	e.Process = exec.Command(command, append([]string{"local", "--listen", "127.0.0.1:0"}, args...)...)
	e.Process.Stderr = &e.log
	stdout, err := e.Process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stop := HeedSignals()
	err = e.Process.Start()
	stop()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		e.Stop(t, syscall.SIGTERM)
		if t.Failed() {
			t.Logf("the log of the edge:\n%s", e.Log())
		}
	})
	ready := make(chan string, 1)
	go func() {
		defer close(e.exited)
		ready <- readBanner(stdout)
		io.Copy(io.Discard, stdout)
		e.Process.Wait()
	}()
	select {
	case banner := <-ready:
		e.Banner = banner
		addresses := regexp.MustCompile(`https?://\S+/`).FindAllString(banner, -1)
		if len(addresses) < 2 {
			t.Fatalf("got the banner %q and the log %q, want addresses", banner, e.Log())
		}
		e.URL = strings.TrimSuffix(addresses[0], "/")
		e.FunctionURL = strings.TrimSuffix(addresses[1], "/")
	case <-time.After(patience):
		t.Fatalf("the edge isn't ready after %v", patience)
	}
	return e
}

// readBanner reads what the command prints until it says how to stop it.
func readBanner(stdout io.Reader) string {
	var banner strings.Builder
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		fmt.Fprintln(&banner, lines.Text())
		if strings.Contains(lines.Text(), "Ctrl-C") {
			break
		}
	}
	return banner.String()
}

// Log returns what the process has logged so far.
func (e *Edge) Log() string {
	return e.log.String()
}

// WaitForLog waits until the log has all of the words: it is read from a pipe, so a
// line may come after the response that it is about.
func (e *Edge) WaitForLog(t *testing.T, words ...string) {
	t.Helper()
	for _, word := range words {
		for began := time.Now(); !strings.Contains(e.Log(), word); time.Sleep(10 * time.Millisecond) {
			if time.Since(began) > patience {
				t.Fatalf("the log lacks %q after %v:\n%s", word, patience, e.Log())
			}
		}
	}
}

// Stop sends the process a signal and waits for it to exit. A handler or edge
// function that is still running then fails the test.
func (e *Edge) Stop(t *testing.T, signal os.Signal) {
	t.Helper()
	processes := Children(e.Process.Process.Pid)
	e.Process.Process.Signal(signal)
	select {
	case <-e.exited:
	case <-time.After(patience):
		e.Process.Process.Kill()
		t.Errorf("the edge is still running %v after %v", patience, signal)
	}
	for _, pid := range processes {
		if !gone(pid) {
			t.Errorf("process %s is still running after the edge has exited", pid)
		}
	}
}

// A lockedBuffer may be read while a process writes to it.
type lockedBuffer struct {
	mu      sync.Mutex
	content strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.content.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.content.String()
}

// Package e2e synthesizes the app, serves what it synthesized by the command
// cloudfurl, and talks to it over HTTP, as a person would.
package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built holds what TestMain made: the command, and the assembly of the app for
// this machine's architecture.
var built struct {
	command  string
	assembly string
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "e2e")
	if err == nil {
		err = build(dir)
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func build(dir string) error {
	built.command = filepath.Join(dir, "cloudfurl")
	built.assembly = filepath.Join(dir, "cdk.out")
	architecture := "x86_64"
	if runtime.GOARCH == "arm64" {
		architecture = "arm64"
	}
	if err := run(nil, "go", "build", "-o", built.command, "./cmd/cloudfurl"); err != nil {
		return err
	}
	context, err := json.Marshal(map[string]any{"architecture": architecture, "region": "ap-northeast-1"})
	if err != nil {
		return err
	}
	return run([]string{"CDK_OUTDIR=" + built.assembly, "CDK_CONTEXT_JSON=" + string(context)}, "go", "run", ".")
}

// run runs a command in the root of the repository.
func run(env []string, name string, args ...string) error {
	command := exec.Command(name, args...)
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), env...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, output)
	}
	return nil
}

// An edge is a running `cloudfurl local`.
type edge struct {
	// URL is the address of the distribution, and FunctionURL that of the
	// function URL, both without a slash at the end.
	URL, FunctionURL string

	process *exec.Cmd
	exited  chan struct{}
	log     lockedBuffer
}

// serve serves an assembly until the test ends.
func serve(t *testing.T, assembly string) *edge {
	t.Helper()
	e := &edge{exited: make(chan struct{})}
	e.process = exec.Command(built.command, "local", "--assembly", assembly, "--listen", "127.0.0.1:0")
	e.process.Stderr = &e.log
	stdout, err := e.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		e.stop(t, syscall.SIGTERM)
		if t.Failed() {
			t.Logf("the log of the edge:\n%s", e.log.String())
		}
	})
	ready := make(chan string, 1)
	go func() {
		defer close(e.exited)
		ready <- readBanner(stdout)
		io.Copy(io.Discard, stdout)
		e.process.Wait()
	}()
	select {
	case banner := <-ready:
		addresses := regexp.MustCompile(`http://\S+/`).FindAllString(banner, -1)
		if len(addresses) < 2 {
			t.Fatalf("got the banner %q and the log %q, want addresses", banner, e.log.String())
		}
		e.URL = strings.TrimSuffix(addresses[0], "/")
		e.FunctionURL = strings.TrimSuffix(addresses[1], "/")
	case <-time.After(20 * time.Second):
		t.Fatal("the edge did not come up within 20 s")
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

// stop ends the command by a signal and waits until it has.
func (e *edge) stop(t *testing.T, signal os.Signal) {
	t.Helper()
	e.process.Process.Signal(signal)
	select {
	case <-e.exited:
	case <-time.After(20 * time.Second):
		e.process.Process.Kill()
		t.Errorf("the edge did not end within 20 s after %v", signal)
	}
}

// changed returns a copy of the assembly with one template changed.
func changed(t *testing.T, stack string, change func(resources map[string]any)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cdk.out")
	if err := os.CopyFS(dir, os.DirFS(built.assembly)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, stack+".template.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var template map[string]any
	if err := json.Unmarshal(data, &template); err != nil {
		t.Fatal(err)
	}
	change(template["Resources"].(map[string]any))
	if data, err = json.Marshal(template); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
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

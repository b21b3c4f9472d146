package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

var handlerDir string // holds the bootstrap of testdata/handler

func TestMain(m *testing.M) {
	if os.Getenv(guardedEnvironment) != "" {
		startGuarded()
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "lambda-test-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		handlerDir = dir
		program := filepath.Join(dir, bootstrapName)
		if runtime.GOOS == "windows" {
			program += ".exe"
		}
		build := exec.Command("go", "build", "-o", program, "./testdata/handler")
		if out, err := build.CombinedOutput(); err != nil {
			panic(fmt.Sprintf("%v\n%s", err, out))
		}
		return m.Run()
	}())
}

// A record collects the lines of the log.
type record struct {
	mu    sync.Mutex
	lines []map[string]any
}

func (r *record) Write(p []byte) (int, error) {
	var line map[string]any
	if err := json.Unmarshal(p, &line); err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line)
	return len(p), nil
}

func (r *record) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// find returns the first line whose message contains text.
func (r *record) find(text string) map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines {
		if message, _ := line["msg"].(string); strings.Contains(message, text) {
			return line
		}
	}
	return nil
}

// failure returns the first line about a *FunctionError.
func (r *record) failure() map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines {
		if line["errorType"] != nil {
			return line
		}
	}
	return nil
}

func (r *record) count(text string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, line := range r.lines {
		if message, _ := line["msg"].(string); strings.Contains(message, text) {
			n++
		}
	}
	return n
}

func custom(change func(*Config)) Config {
	config := Config{Name: "Greeter", Runtime: "provided.al2023", CodeDir: handlerDir, Timeout: 5 * time.Second}
	if change != nil {
		change(&config)
	}
	return config
}

// newFunction returns a function that is closed, and checked to have left no
// goroutine, at the end of the test.
func newFunction(t testing.TB, config Config) (*Function, *record) {
	t.Helper()
	log := &record{}
	f, err := New(config, log.logger())
	if err != nil {
		t.Fatal(err)
	}
	// On a busy machine a runtime may ask for its next event late, and the request
	// that follows would be a cold start.
	f.returnGrace = 5 * time.Second
	t.Cleanup(func() {
		f.Close()
		goleak.VerifyNone(t)
	})
	return f, log
}

func invoke(t testing.TB, f *Function, event string) (*Response, string) {
	t.Helper()
	response, err := f.Invoke(context.Background(), JSON(event), InvokeOptions{})
	if err != nil {
		t.Fatalf("%s: %v", event, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s: %v", event, err)
	}
	return response, string(body)
}

func invokeError(t testing.TB, f *Function, event string) *FunctionError {
	t.Helper()
	response, err := f.Invoke(context.Background(), JSON(event), InvokeOptions{})
	if err == nil {
		body, _ := io.ReadAll(response.Body)
		t.Fatalf("%s: got %q, want an error", event, body)
	}
	var failure *FunctionError
	if !errors.As(err, &failure) {
		t.Fatalf("%s: %v (%T), want a *FunctionError", event, err, err)
	}
	return failure
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for range 1000 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("after 10 seconds still not: %s", what)
}

// newGate returns the path of a file that handlers wait for, and makes it.
func newGate(t testing.TB) (path string, open func()) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "gate")
	return path, func() {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Error(err)
		}
	}
}

// code writes the files of a function and returns their directory.
func code(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func managed(runtime, handler, dir string) Config {
	return Config{Name: "Managed", Runtime: runtime, Handler: handler, CodeDir: dir, Timeout: 5 * time.Second}
}

// newParallel is newFunction for parallel tests, where other goroutines aren't
// leaks.
func newParallel(t testing.TB, config Config) (*Function, *record) {
	t.Helper()
	log := &record{}
	f, err := New(config, log.logger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, log
}

// need skips a test of what a program does that isn't on the machine. Without
// Python it first checks that the python runtimes say so.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if program == "python3" {
		dir := code(t, map[string]string{"index.py": ""})
		if _, err := New(managed("python3.11", "index.handler", dir), slog.New(slog.DiscardHandler)); err == nil || fault.HintOf(err) != "install Python" {
			t.Errorf("got %v without Python, want an error that says what to do", err)
		}
	}
	t.Skipf("%s is not on this machine; install it to run this test", program)
}

// eventuallyIdle waits until n environments are idle.
func eventuallyIdle(t testing.TB, f *Function, n int) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d environments are idle", n), func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.idle) == n
	})
}

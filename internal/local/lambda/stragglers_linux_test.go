package lambda

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Only Linux tells the variables of processes.
func TestEnvironment_ends_processes_that_left_its_group(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	dir := t.TempDir()
	start := func(name string) int {
		path := filepath.Join(dir, name)
		invoke(t, f, fmt.Sprintf(`{"do":"daemon","text":%q}`, path))
		return daemonOf(t, path)
	}
	first := start("first")
	invokeError(t, f, `{"do":"exit"}`)
	eventually(t, "it has ended with its environment", func() bool { return gone(first) })

	second := start("second")
	other := exec.Command("setsid", "sleep", "60")
	other.Env = append(os.Environ(), "AWS_LAMBDA_RUNTIME_API=127.0.0.1:1")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Process.Kill(); other.Wait() })
	f.Close()
	eventually(t, "it has ended with the function", func() bool { return gone(second) })
	if gone(other.Process.Pid) {
		t.Error("a process with another Runtime API was ended")
	}
}

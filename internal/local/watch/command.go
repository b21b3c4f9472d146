package watch

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// stopGrace is the time between SIGINT, on which the go command removes its
// temporary files, and SIGKILL.
const stopGrace = time.Second

// maxOutput is how many bytes of a command's output are kept, the last ones.
const maxOutput = 1 << 20

// runShell runs a command line in the shell, in its own process group, with
// exactly the variables given. It returns what the command wrote to stdout and
// stderr. When it returns, the whole group has ended.
func runShell(ctx context.Context, line, dir string, variables []string) (string, error) {
	output := new(tail)
	command := exec.CommandContext(ctx, "sh", "-c", line)
	command.Dir, command.Env = dir, variables
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	command.WaitDelay = stopGrace
	err := command.Run()
	if command.Process != nil {
		// The group outlives its leader if that left children behind.
		syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		// It succeeded, but a child held its output open.
		err = nil
	}
	return output.String(), err
}

// A tail keeps the end of what is written to it. One goroutine writes.
type tail struct {
	content []byte
	cut     bool
}

// Write keeps p, and drops the beginning if there is too much.
func (t *tail) Write(p []byte) (int, error) {
	t.content = append(t.content, p...)
	if over := len(t.content) - maxOutput; over > 0 {
		t.content, t.cut = append([]byte(nil), t.content[over:]...), true
	}
	return len(p), nil
}

// String returns what was kept, without surrounding space.
func (t *tail) String() string {
	text := strings.TrimSpace(string(t.content))
	if t.cut {
		return "… (beginning omitted)\n" + text
	}
	return text
}

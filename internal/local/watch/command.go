package watch

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stopGrace is the time between SIGINT, on which the go command removes its
// temporary files, and SIGKILL.
const stopGrace = time.Second

// runShell runs a command line in the shell, in its own process group, with
// exactly the variables given. It returns what the command wrote to stdout and
// stderr. When it returns, the whole group has ended. The log says what it does if that
// takes long.
func runShell(ctx context.Context, line, dir string, variables []string, log *slog.Logger) (string, error) {
	output := &progress{log: log}
	command := exec.CommandContext(ctx, "sh", "-c", line)
	command.Dir, command.Env = dir, variables
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	command.WaitDelay = stopGrace
	err := command.Start()
	if err == nil {
		telling, done := context.WithCancel(ctx)
		output.group = command.Process.Pid
		var told sync.WaitGroup
		told.Go(func() { output.tell(telling) })
		err = command.Wait()
		done()
		told.Wait()
		// The group outlives its leader if that left children behind.
		syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		// It succeeded, but a child held its output open.
		err = nil
	}
	return strings.TrimSpace(output.output.String()), err
}

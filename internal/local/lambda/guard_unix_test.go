//go:build unix

package lambda

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

func TestGuard_ends_handlers_and_children_when_the_program_is_killed(t *testing.T) {
	files := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), guardedEnvironment+"="+handlerDir+":"+files)
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var launcher, child, handler int
	if _, err := fmt.Fscan(output, &launcher, &child, &handler); err != nil {
		cmd.Process.Kill()
		t.Fatal(err)
	}
	if gone(child) || gone(handler) {
		t.Errorf("the child %d or the handler %d doesn't run", child, handler)
	}
	daemon := daemonOf(t, filepath.Join(files, "daemon"))
	cmd.Process.Kill()
	cmd.Wait()
	eventually(t, "the handler has ended", func() bool { return gone(handler) })
	eventually(t, "the handler's child has ended", func() bool { return gone(child) })
	if runtime.GOOS == "linux" {
		eventually(t, "the process with its own session has ended", func() bool { return gone(daemon) })
	}
}

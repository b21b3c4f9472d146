package lambda

import (
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"
)

// guardScript reads the process groups that start (+) and end (-), and kills
// those that are left when its input ends: when this program is gone, however it
// went.
const guardScript = `trap '' HUP INT TERM
groups=' '
while read -r sign group; do
	case $sign in
	+) groups="$groups$group " ;;
	-) groups="${groups%% $group *} ${groups#* $group }" ;;
	esac
done
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null`

// The guard is a process that outlives this program by a moment, because a signal
// such as SIGKILL leaves it no time to end its handlers. It runs while there are
// any. Linux could do the same for children (PR_SET_PDEATHSIG), but not for their
// own children, and macOS can't.
// Left out: descendants that leave the process group of their environment.
var guard struct {
	mu     sync.Mutex
	groups int
	input  io.WriteCloser // nil if it doesn't run
	cmd    *exec.Cmd
}

// guardGroup has the process group killed if this program ends before the
// function that it returns is called.
func guardGroup(pid int) (release func()) {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	if guard.groups++; guard.input == nil {
		startGuard()
	}
	tellGuard("+", pid)
	return func() {
		guard.mu.Lock()
		defer guard.mu.Unlock()
		tellGuard("-", pid)
		if guard.groups--; guard.groups == 0 {
			stopGuard()
		}
	}
}

func tellGuard(sign string, pid int) {
	if guard.input != nil {
		fmt.Fprintf(guard.input, "%s %d\n", sign, pid)
	}
}

// startGuard starts the guard. If it can't, handlers outlive a SIGKILL of this
// program, and nothing else is lost.
func startGuard() {
	cmd := exec.Command("/bin/sh", "-c", guardScript)
	cmd.Dir, cmd.Env = "/", []string{"PATH=/usr/bin:/bin"}
	// The terminal's signals don't reach a new session.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	input, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	guard.input, guard.cmd = input, cmd
}

// stopGuard ends the guard, which has no groups left to kill.
func stopGuard() {
	if guard.input == nil {
		return
	}
	guard.input.Close()
	_ = guard.cmd.Wait()
	guard.input, guard.cmd = nil, nil
}

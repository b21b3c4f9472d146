package lambda

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
)

// guardScript reads what begins (+) and ends (-): process groups and Runtime APIs. It ends those that are left when its input
// ends: when this program is gone, however it went. Processes that left their group, it
// finds as killStragglers does.
const guardScript = `trap '' HUP INT TERM
left=' '
while read -r sign what name; do
	case $sign in
	+) left="$left$what:$name " ;;
	-) left="${left%% $what:$name *} ${left#* $what:$name }" ;;
	esac
done
set --
for what in $left; do
	case $what in
	group:*) kill -s KILL -- "-${what#*:}" ;;
	api:*) set -- "$@" -e "AWS_LAMBDA_RUNTIME_API=${what#*:}" ;;
	esac
done 2>/dev/null
for round in 1 2 3; do
	for environ in $(test $# -gt 0 && grep -lzxF "$@" /proc/[0-9]*/environ); do
		process=${environ%/environ}
		test "$(readlink "$process/ns/net")" = "$(readlink /proc/self/ns/net)" && kill -s KILL "${process#/proc/}"
	done
done 2>/dev/null`

// The guard is a process that outlives this program by a moment, because a signal
// such as SIGKILL leaves it no time to end its handlers. It runs while there are
// any. Linux could do the same for children (PR_SET_PDEATHSIG), but not for their
// own children, and macOS can't.
// Left out: descendants that leave the process group of their environment, where the
// system doesn't tell the variables of processes.
var guard struct {
	mu      sync.Mutex
	guarded int
	input   io.WriteCloser // nil if it doesn't run
	cmd     *exec.Cmd
}

// guardWhile has what is named ended if this program ends before the function that it
// returns is called: a process group ("group" and its id), or the processes that know
// a Runtime API ("api" and its address).
func guardWhile(what, name string) (release func()) {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	if guard.guarded++; guard.input == nil {
		startGuard()
	}
	tellGuard("+", what, name)
	return func() {
		guard.mu.Lock()
		defer guard.mu.Unlock()
		tellGuard("-", what, name)
		if guard.guarded--; guard.guarded == 0 {
			stopGuard()
		}
	}
}

func tellGuard(words ...string) {
	if guard.input != nil {
		fmt.Fprintln(guard.input, strings.Join(words, " "))
	}
}

// startGuard starts the guard. If it can't, handlers outlive a SIGKILL of this
// program, and nothing else is lost.
func startGuard() {
	cmd := exec.Command("/bin/sh", "-c", guardScript)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	// The terminal's signals don't reach a new session.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	input, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	guard.input, guard.cmd = input, cmd
}

// stopGuard ends the guard, which has nothing left to end.
func stopGuard() {
	if guard.input == nil {
		return
	}
	guard.input.Close()
	_ = guard.cmd.Wait()
	guard.input, guard.cmd = nil, nil
}

//go:build unix

package guard

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
)

// script reads what begins (+) and ends (-): process groups, Runtime APIs and a directory.
// It ends and removes those that are left when its input ends. At the end of a Runtime
// API, it ends the processes that left their group, as a browser does that an app starts:
// the variable that leads to the API tells them, where there is /proc. Those in the network
// of a container aren't this machine's.
const script = `trap '' HUP INT TERM
sweep() {
	for round in 1 2 3; do
		found=$(grep -lzxF "$@" /proc/[0-9]*/environ)
		test -n "$found" || return
		for environ in $found; do
			process=${environ%/environ}
			test "$(readlink "$process/ns/net")" = "$(readlink /proc/self/ns/net)" && kill -s KILL "${process#/proc/}"
		done
	done
} 2>/dev/null
left=' ' directory=
while read -r sign what name rest; do
	case $sign$what in
	+directory) directory=$rest ;;
	-api) sweep -e "AWS_LAMBDA_RUNTIME_API=$name" ;;
	esac
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
test $# -eq 0 || sweep "$@"
test -z "$directory" || rm -rf "$directory"`

// The guard is a process that outlives this program by a moment. It runs while there is
// something to end. Linux could do the same for children (PR_SET_PDEATHSIG), but not for
// their own children, and macOS can't.
var process struct {
	mu      sync.Mutex
	guarded int
	input   io.WriteCloser // nil if it doesn't run
	cmd     *exec.Cmd
}

// While has what is named ended if this program ends before the function that it
// returns is called: a process group ("group" and its id), the processes that know a
// Runtime API ("api" and its address; they are ended then, too), or the program's directory
// ("directory", any word, and the path).
func While(what, name string, more ...string) (release func()) {
	process.mu.Lock()
	defer process.mu.Unlock()
	if process.guarded++; process.input == nil {
		start()
	}
	tell("+", what, name, strings.Join(more, ""))
	return func() {
		process.mu.Lock()
		defer process.mu.Unlock()
		tell("-", what, name)
		if process.guarded--; process.guarded == 0 {
			stop()
		}
	}
}

func tell(words ...string) {
	if process.input != nil {
		fmt.Fprintln(process.input, strings.Join(words, " "))
	}
}

// start starts the process. If it can't, handlers outlive a SIGKILL of this
// program, and nothing else is lost.
func start() {
	cmd := exec.Command("/bin/sh", "-c", script)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	// The terminal's signals don't reach a new session.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	input, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	process.input, process.cmd = input, cmd
}

// stop ends the guard, which has nothing left to end.
func stop() {
	if process.input == nil {
		return
	}
	process.input.Close()
	_ = process.cmd.Wait()
	process.input, process.cmd = nil, nil
}

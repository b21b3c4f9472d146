package lambda

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// guardScript reads the process groups that start (+) and end (-), the Runtime APIs
// that open (a) and close (b), and the containers that an engine runs (c) and has
// removed (d). It ends those that are left when its input ends: when this program
// is gone, however it went. Processes that left their group, it finds as
// killStragglers does.
const guardScript = `trap '' HUP INT TERM
groups=' ' containers=' ' apis=' '
while read -r sign name rest; do
	case $sign in
	+) groups="$groups$name " ;;
	-) groups="${groups%% $name *} ${groups#* $name }" ;;
	a) apis="$apis$name " ;;
	b) apis="${apis%% $name *} ${apis#* $name }" ;;
	c) containers="$containers$name " engine=$rest ;;
	d) containers="${containers%% $name *} ${containers#* $name }" ;;
	esac
done
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
set --
for api in $apis; do set -- "$@" -e "AWS_LAMBDA_RUNTIME_API=$api"; done
for round in 1 2 3; do
	for environ in $(test $# -gt 0 && grep -lzxF "$@" /proc/[0-9]*/environ); do
		process=${environ%/environ}
		test "$(readlink "$process/ns/net")" = "$(readlink /proc/self/ns/net)" && kill -s KILL "${process#/proc/}"
	done
done 2>/dev/null
for container in $containers; do "$engine" rm --force "$container"; done >/dev/null 2>&1`

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

// guardGroup has the process group killed if this program ends before the
// function that it returns is called.
func guardGroup(pid int) (release func()) {
	return guardUntil(fmt.Sprintf("+ %d", pid), fmt.Sprintf("- %d", pid))
}

// guardAPI has the processes killed that know an environment's Runtime API, if this
// program ends before the function that it returns is called.
func guardAPI(api string) (release func()) {
	return guardUntil("a "+api, "b "+api)
}

// guardContainer has the container removed by the engine whose client is given, if
// this program ends before the function that it returns is called.
func guardContainer(engine, name string) (release func()) {
	return guardUntil("c "+name+" "+engine, "d "+name)
}

func guardUntil(begin, end string) (release func()) {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	if guard.guarded++; guard.input == nil {
		startGuard()
	}
	tellGuard(begin)
	return func() {
		guard.mu.Lock()
		defer guard.mu.Unlock()
		tellGuard(end)
		if guard.guarded--; guard.guarded == 0 {
			stopGuard()
		}
	}
}

func tellGuard(line string) {
	if guard.input != nil {
		fmt.Fprintln(guard.input, line)
	}
}

// startGuard starts the guard. If it can't, handlers outlive a SIGKILL of this
// program, and nothing else is lost.
func startGuard() {
	cmd := exec.Command("/bin/sh", "-c", guardScript)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "PATH=/usr/bin:/bin") // engines have settings in it
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

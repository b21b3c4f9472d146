package lambda

import (
	"fmt"
	"io"
	"os"
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

// The guard outlives this program by a moment, because a signal such as SIGKILL
// leaves it no time to end its handlers. Linux could do the same for children
// (PR_SET_PDEATHSIG), but not for their own children, and macOS can't.
// Left out: descendants that leave the process group of their environment.
var guard struct {
	once  sync.Once
	mu    sync.Mutex
	input io.Writer // nil if it doesn't run
}

// guardGroup has the process group killed if this program ends before the
// function that it returns is called.
func guardGroup(pid int) (release func()) {
	guard.once.Do(startGuard)
	tell := func(sign string) {
		guard.mu.Lock()
		defer guard.mu.Unlock()
		if guard.input != nil {
			fmt.Fprintf(guard.input, "%s %d\n", sign, pid)
		}
	}
	tell("+")
	return func() { tell("-") }
}

// startGuard starts the guard, which the system's reaper inherits. Without it
// everything works but the end by SIGKILL.
func startGuard() {
	reader, writer, err := os.Pipe()
	if err != nil {
		return
	}
	defer reader.Close()
	cmd := exec.Command("/bin/sh", "-c", guardScript)
	cmd.Dir, cmd.Env, cmd.Stdin = "/", []string{"PATH=/usr/bin:/bin"}, reader
	// Away from the signals of the terminal.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if cmd.Start() == nil {
		guard.input = writer
	} else {
		writer.Close()
	}
}

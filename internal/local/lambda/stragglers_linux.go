package lambda

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// killStragglers ends the processes of an environment that left its process groups,
// as a browser does that an app starts.
func killStragglers(api string) {
	for range 10 { // They may start others meanwhile.
		found := false
		eachProcessOf(api, func(process *os.Process) { found = process.Kill() == nil || found })
		if !found {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// eachProcessOf calls visit for the processes of an environment, in this program's
// network and not in that of a container that one of them runs. They inherit the variable that leads to the
// Runtime API, whose address is the environment's alone.
// Left out: processes that replaced their variables.
func eachProcessOf(api string, visit func(*os.Process)) {
	variable := []byte("\x00AWS_LAMBDA_RUNTIME_API=" + api + "\x00")
	network, _ := os.Readlink("/proc/self/ns/net")
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		process, err := os.FindProcess(pid) // before the look at it: another one may get its id
		if err != nil {
			continue
		}
		variables, _ := os.ReadFile("/proc/" + entry.Name() + "/environ") // fails for other users'
		of, _ := os.Readlink("/proc/" + entry.Name() + "/ns/net")
		if bytes.Contains(append([]byte{0}, variables...), variable) && of == network {
			visit(process)
		}
		process.Release()
	}
}

package lambda

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// killStragglers ends the processes of an environment that left its process groups,
// as a browser does that an app starts. Processes inherit the variable that leads to
// the Runtime API, whose address is the environment's alone.
// Left out: processes that also replaced their variables.
func killStragglers(api string) {
	variable := []byte("\x00AWS_LAMBDA_RUNTIME_API=" + api + "\x00")
	network, _ := os.Readlink("/proc/self/ns/net")
	for range 10 { // They may start others meanwhile.
		if !killThoseWith(variable, network) {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// killThoseWith kills the processes that have a variable, in this program's network
// and not in that of a container. It reports whether there were any.
func killThoseWith(variable []byte, network string) (found bool) {
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
		if bytes.Contains(append([]byte{0}, variables...), variable) && of == network && process.Kill() == nil {
			found = true
		}
		process.Release()
	}
	return found
}

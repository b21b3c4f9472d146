package lambda

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// tcpListen is the state of a listening socket in /proc/net/tcp.
//
// See: https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
const tcpListen = "0A"

// tellsPorts is whether listeningPorts knows.
const tellsPorts = true

// listeningPorts returns the TCP ports that the processes of an environment listen on,
// in order.
func listeningPorts(api string) []int {
	inodes := map[string]bool{}
	eachProcessOf(api, func(process *os.Process) {
		fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", process.Pid))
		for _, fd := range fds {
			link, _ := os.Readlink(fd) // it may be closed meanwhile
			if inode, ok := strings.CutPrefix(link, "socket:["); ok {
				inodes[strings.TrimSuffix(inode, "]")] = true
			}
		}
	})
	ports := append(listeningIn("/proc/net/tcp", inodes), listeningIn("/proc/net/tcp6", inodes)...)
	slices.Sort(ports)
	return slices.Compact(ports)
}

// listeningIn returns the ports of listening sockets with the inodes.
func listeningIn(table string, inodes map[string]bool) []int {
	file, err := os.Open(table)
	if err != nil {
		return nil
	}
	defer file.Close()
	var ports []int
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 10 || fields[3] != tcpListen || !inodes[fields[9]] {
			continue
		}
		_, hex, _ := strings.Cut(fields[1], ":")
		if port, err := strconv.ParseUint(hex, 16, 16); err == nil {
			ports = append(ports, int(port))
		}
	}
	return ports
}

// eachProcessOf calls visit for the processes of an environment, in this program's
// network and not in that of a container. They inherit the variable that leads to the
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

package lambda

import (
	"bufio"
	"bytes"
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
// in order: those in this program's network, not in that of a container. They inherit the
// variable that leads to the Runtime API, whose address is the environment's alone.
// Left out: processes that replaced their variables.
func listeningPorts(api string) []int {
	variable := []byte("AWS_LAMBDA_RUNTIME_API=" + api + "\x00")
	network, _ := os.Readlink("/proc/self/ns/net")
	inodes := map[string]bool{}
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, environ := range environs {
		process := filepath.Dir(environ)
		variables, _ := os.ReadFile(environ) // fails for other users'
		if of, _ := os.Readlink(process + "/ns/net"); !bytes.Contains(variables, variable) || of != network {
			continue
		}
		fds, _ := filepath.Glob(process + "/fd/*")
		for _, fd := range fds {
			link, _ := os.Readlink(fd) // it may be closed meanwhile
			if inode, ok := strings.CutPrefix(link, "socket:["); ok {
				inodes[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
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

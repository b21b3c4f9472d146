package lambda

import (
	"bufio"
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

// listeningPorts returns the TCP ports that the processes of a group listen on, in
// order.
func listeningPorts(group int) []int {
	inodes := map[string]bool{}
	for _, pid := range groupMembers(group) {
		fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		for _, fd := range fds {
			link, _ := os.Readlink(fd) // it may be closed meanwhile
			if inode, ok := strings.CutPrefix(link, "socket:["); ok {
				inodes[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	var ports []int
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		ports = append(ports, listeningIn(table, inodes)...)
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// groupMembers returns the processes of a process group.
func groupMembers(group int) []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	var members []int
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		// pid (name) state ppid pgrp …, where the name may have spaces and brackets.
		_, rest, _ := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
		fields := strings.Fields(rest)
		if len(fields) < 3 || fields[2] != strconv.Itoa(group) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			members = append(members, pid)
		}
	}
	return members
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

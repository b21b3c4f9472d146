package main

import (
	"fmt"
	"io"
	"net"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// printServed prints what is served, at which addresses, and how to sign for it.
// The ports are those of the parts that have their own, by construct path.
func printServed(w io.Writer, parts []build.Part, name string, main net.Addr, ports map[string]net.Addr) {
	fmt.Fprintf(w, "Serving %s\n\n", name)
	_, port, _ := net.SplitHostPort(main.String())
	for _, part := range parts {
		lines := []string{part.Path, address(part.Path, main, ports)}
		if part.Describe != nil {
			lines = append(lines, part.Describe(port)...)
		}
		kind := part.Kind
		for _, line := range lines {
			fmt.Fprintf(w, "  %-12s  %s\n", kind, line)
			kind = ""
		}
	}
	if !isLoopback(main) {
		fmt.Fprint(w, "\nOther machines reach these ports at this machine's address.\n")
	}
	if parts[0].Front {
		fmt.Fprintf(w, "\nTry: curl -N %s\n", address(parts[0].Path, main, ports))
	}
	fmt.Fprint(w, "Stop with Ctrl-C.\n\n")
}

// address returns the URL of a part. One without its own port is at the main one.
func address(path string, main net.Addr, ports map[string]net.Addr) string {
	at, ok := ports[path]
	if !ok {
		at = main
	}
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err != nil || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}

package main

import (
	"fmt"
	"io"
	"net"

	"github.com/cloudfurl/cloudfurl/internal/local/authority"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// A served is what the banner tells of.
type served struct {
	name      string
	parts     []build.Part
	main      net.Addr
	ports     map[string]net.Addr  // of the parts that have their own, by construct path
	authority *authority.Authority // nil without --tls
	inspector *inspectorServer     // nil with --inspect off
}

// print prints what is served, at which addresses, and how to sign for it.
func (s served) print(w io.Writer) {
	fmt.Fprintf(w, "Serving %s\n\n", s.name)
	_, port, _ := net.SplitHostPort(s.main.String())
	for _, part := range s.parts {
		lines := []string{part.Path, s.address(part) + part.Prefix}
		if part.Describe != nil {
			lines = append(lines, part.Describe(port)...)
		}
		kind := part.Kind
		for _, line := range lines {
			fmt.Fprintf(w, "  %-12s  %s\n", kind, line)
			kind = ""
		}
	}
	if s.inspector != nil {
		fmt.Fprintf(w, "\n  %-12s  http://%s/\n", "inspector", s.inspector.listener.Addr())
	}
	if !isLoopback(s.main) {
		fmt.Fprint(w, "\nOther machines reach these ports at this machine's address.\n")
	}
	curl := "curl -N "
	if s.authority != nil {
		fmt.Fprintf(w, "\nTLS: clients have to trust %s; docs/local.md says how.\n", s.authority.File)
		curl += fmt.Sprintf("--cacert %q ", s.authority.File)
	}
	if s.parts[0].Front {
		fmt.Fprintf(w, "\nTry: %s%s\n", curl, s.address(s.parts[0]))
	}
	fmt.Fprint(w, "Stop with Ctrl-C.\n\n")
}

// address returns the URL of a part. One without its own port is at the main one.
// What only callers with keys reach has a port of its own and is shown with HTTP,
// for which they need no certificate.
func (s served) address(part build.Part) string {
	at, ok := s.ports[part.Path]
	if !ok {
		at = s.main
	}
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err != nil || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http"
	if s.authority != nil && (part.Front || part.Main) {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/"
}

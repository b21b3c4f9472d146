package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/console"
	"github.com/cloudfurl/cloudfurl/internal/local/authority"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// A served is what the banner tells of.
type served struct {
	name      string
	parts     []build.Part
	outputs   [][2]string
	main      net.Addr
	ports     map[string]net.Addr  // of the parts that have their own, by construct path
	authority *authority.Authority // nil without --tls
	inspector *inspectorServer     // nil with --inspect off
	width     int                  // of the terminal; 0 for none
}

const kindWidth = len("  distribution  ")

// print prints what is served, at which addresses, and how to sign for it.
func (s served) print(w io.Writer) {
	fmt.Fprintf(w, "Serving %s\n\n", s.name)
	_, port, _ := net.SplitHostPort(s.main.String())
	for _, part := range s.parts {
		lines := []string{part.Path, s.address(part) + part.Prefix}
		if part.Describe != nil {
			lines = append(lines, part.Describe(port)...)
		}
		s.row(w, part.Kind, lines...)
	}
	for _, output := range s.outputs {
		if value := s.localize(output[1]); value != output[1] {
			s.row(w, "output", output[0]+" = "+value)
		}
	}
	if s.inspector != nil {
		s.row(w, "inspector", fmt.Sprintf("http://%s/", s.inspector.listener.Addr()))
	}
	if !isLoopback(s.main) {
		fmt.Fprint(w, "\nOther machines reach these ports at this machine's address.\n")
	}
	curl := "curl -N "
	if s.authority != nil {
		fmt.Fprintf(w, "\nTLS: clients have to trust %s; docs/local.md says how.\n", s.authority.File)
		curl += fmt.Sprintf("--cacert %q ", s.authority.File)
	}
	if i := slices.IndexFunc(s.parts, func(part build.Part) bool { return part.Try != "" }); i >= 0 {
		method, path, _ := strings.Cut(s.parts[i].Try, " ")
		if method != http.MethodGet {
			curl += "-X " + method + " -d '{}' "
		}
		fmt.Fprintf(w, "\nTry: %s%s%s\n", curl, s.address(s.parts[i]), strings.TrimPrefix(path, "/"))
	}
	fmt.Fprint(w, "Stop with Ctrl-C.\n\n")
}

// row prints lines beside a kind, wrapped for the terminal.
func (s served) row(w io.Writer, kind string, lines ...string) {
	for _, line := range lines {
		width := 0
		if s.width > 0 {
			width = max(40, s.width-kindWidth)
		}
		for _, part := range console.Wrap(line, width) {
			fmt.Fprintf(w, "%-*s%s\n", kindWidth, "  "+kind, part)
			kind = ""
		}
	}
}

// localize returns a text with the addresses of parts in place of AWS's.
func (s served) localize(text string) string {
	for _, part := range s.parts {
		address := strings.TrimSuffix(s.address(part), "/")
		_, host, _ := strings.Cut(address, "://")
		for _, name := range part.Hosts[min(1, len(part.Hosts)):] { // the first is a local one
			text = strings.NewReplacer("https://"+name, address, name, host).Replace(text)
		}
	}
	return text
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

package client

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// runtimes run a module. Those that this machine doesn't have are skipped.
//
// Seen: calls.mjs passes in Node.js 20.20, 22.23 and 24.21, Bun 1.4 and Deno 2.9 (packages of npm), and in Node.js 24 as
// bundled by esbuild 0.28, Rollup 4.68, Vite 8.4 and webpack 5.113. A page that Vite built works in Chromium 156. arethetypeswrong
// finds nothing but that require of an ES module needs Node.js 20.19; the types compile with TypeScript 5.4, with those of Node.js or Bun in
// place of the DOM's, and in Deno.
var runtimes = map[string][]string{
	"node": nil,
	"bun":  {"run"},
	"deno": {"run", "--allow-all", "--no-lock"},
}

func TestJavaScript_reaches_the_edge(t *testing.T) {
	project := installPackage(t)
	calls := filepath.Join(project, "calls.mjs")
	copyFile(t, "calls.mjs", calls)
	url := serve(t).URL
	for name, args := range runtimes {
		t.Run("in "+name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				t.Skipf("SKIPPED: %v", err)
			}
			if err := localtest.Run(project, nil, name, append(args, calls, url, breaking(t, url))...); err != nil {
				t.Error(err)
			}
		})
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// breaking returns the URL of a way to a server that breaks each connection after three
// events.
func breaking(t *testing.T, url string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			viewer, err := listener.Accept()
			if err != nil {
				return
			}
			go passThree(viewer, strings.TrimPrefix(url, "http://"))
		}
	}()
	return "http://" + listener.Addr().String()
}

func passThree(viewer net.Conn, address string) {
	defer viewer.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	go io.Copy(server, viewer)
	var passed []byte
	for chunk := make([]byte, 1024); bytes.Count(passed, []byte("data:")) < 3; {
		n, err := server.Read(chunk)
		if _, failed := viewer.Write(chunk[:n]); err != nil || failed != nil {
			return
		}
		passed = append(passed, chunk[:n]...)
	}
}

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

// runtimes run a module. Those that this machine doesn't have are skipped. calls.mjs was also run by hand in Node.js
// 20.20, 22 and 24, Bun 1 and Deno 2, whose packages npm has.
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

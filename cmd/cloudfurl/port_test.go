package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestLocal_says_that_another_cloudfurl_has_its_port(t *testing.T) {
	// Even with --host '*', no app gets the question.
	p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0", "--host", "*")
	address := p.waitFor(t, &p.stdout, `http://(127\.0\.0\.1:\d+)/`)
	q := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", address)
	q.ends(t, 1)
	want := fmt.Sprintf("error: %s is in use by another cloudfurl, process %d\nhint: stop it, or give another port with --listen", address, p.Process.Pid)
	if got := q.stderr.String(); !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCloudfurlAt_knows_only_cloudfurl(t *testing.T) {
	for text, want := range map[string]int{
		"":                        0,
		"hello":                   0,
		"cloudfurl is process x":  0,
		"cloudfurl is process 12": 12,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text+"\n") }))
		if got := cloudfurlAt(server.Listener.Addr().String()); got != want {
			t.Errorf("%q: got process %d, want %d", text, got, want)
		}
		server.Close()
	}
	app := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the app was asked") })
	server := httptest.NewServer(answering(app))
	defer server.Close()
	if got := cloudfurlAt(server.Listener.Addr().String()); got != os.Getpid() {
		t.Errorf("got process %d, want this one", got)
	}
}

package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

func TestLocal_serves_the_inspector_beside_the_app(t *testing.T) {
	p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0", "--inspect", "127.0.0.1:0")
	page := p.waitFor(t, &p.stdout, `inspector +(http://127\.0\.0\.1:\d+/)\n`)
	app := p.waitFor(t, &p.stdout, `http://127\.0\.0\.1:\d+/`)
	p.waitFor(t, &p.stdout, "Ctrl-C")
	get(t, app+"orders/17")
	events, err := http.Get(page + "api/events") // which the end of the command doesn't wait for
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	replayed, err := http.Post(page+"api/requests/1/replay", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	replayed.Body.Close()
	resp, err := http.Get(page + "api/requests")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	list, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(list); strings.Count(got, `"target":"/orders/17"`) != 2 || !strings.Contains(got, `"edge":"`+app+`"`) {
		t.Errorf("got %s", got)
	}
	p.Process.Signal(os.Interrupt)
	p.ends(t, 0)
}

func TestLocal_serves_no_inspector_that_is_off(t *testing.T) {
	p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0", "--inspect", "off")
	p.waitFor(t, &p.stdout, "Ctrl-C")
	if strings.Contains(p.stdout.String(), "inspector") {
		t.Errorf("got the banner %s", &p.stdout)
	}
}

package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestLocal_says_that_its_port_is_in_use(t *testing.T) {
	app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the app was asked") }))
	defer app.Close()
	address := app.Listener.Addr().String()
	p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", address)
	p.ends(t, 1)
	if got := p.stderr.String(); !strings.Contains(got, "error: "+address+" is in use\nhint: stop what listens there") {
		t.Errorf("got %s", got)
	}
}

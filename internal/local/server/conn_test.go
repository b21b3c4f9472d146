package server

import (
	"net/http"
	"strings"
	"testing"
)

func TestServer_logs_that_a_client_speaks_TLS(t *testing.T) {
	s, log := start(t, name)
	if got := talk(t, s.main.Addr(), "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n"); !strings.HasPrefix(got, "HTTP/1.1 400") {
		t.Errorf("got %q", got)
	}
	log.Want(t, "level=WARN", `cause="the client speaks TLS, and this port doesn't"`, "use http:// instead of https://", "from=127.0.0.1:")
}

func TestServer_logs_nothing_about_what_the_handler_rejects(t *testing.T) {
	s, log := start(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	request := "GET / HTTP/1.1\r\nHost: a\r\n"
	talk(t, s.main.Addr(), request+"\r\n"+request+"Connection: close\r\n\r\n")
	if log.String() != "" {
		t.Errorf("got %s", log)
	}
}

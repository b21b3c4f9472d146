package server

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestServer_logs_requests_that_net_http_rejects(t *testing.T) {
	s, log := start(t, name)
	for text, want := range map[string][]string{
		"GET / HTTP/1.1\r\n\r\n":                           {`status="400 Bad Request"`, "missing required Host header"},
		"nonsense\r\n\r\n":                                 {`status="400 Bad Request"`, "the request isn't valid HTTP/1.1", "send HTTP/1.1"},
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n": {"the client speaks TLS", "use http:// instead of https://"},
		"GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 2<<20) + "\r\n\r\n": {`status="431 Request Header Fields Too Large"`},
	} {
		c, err := net.Dial("tcp", s.main.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, text)
		line, _ := bufio.NewReader(c).ReadString('\n')
		if !strings.HasPrefix(line, "HTTP/1.1 4") {
			t.Errorf("got %q", line)
		}
		c.Close()
		log.Want(t, append(want, "level=WARN", "cause=", "hint=", "from=127.0.0.1:")...)
	}
}

func TestServer_logs_nothing_about_what_the_handler_rejects(t *testing.T) {
	s, log := start(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	request := "GET / HTTP/1.1\r\nHost: a\r\n"
	talk(t, s.main.Addr(), request+"\r\n"+request+"Connection: close\r\n\r\n")
	if log.String() != "" {
		t.Errorf("got %s", log)
	}
}

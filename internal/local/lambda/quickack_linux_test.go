package lambda

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A delayed acknowledgement takes 40 ms or more, so one fast round is proof. A busy
// machine may take long for many others.
func TestRuntimeAPI_does_not_delay_a_runtime_with_Nagles_algorithm(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	best := time.Hour
	for i := 0; i < 100 && best > 30*time.Millisecond; i++ {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		conn.(*net.TCPConn).SetNoDelay(false)
		id := fmt.Sprint("id-", i)
		fmt.Fprintf(conn, "GET %snext HTTP/1.1\r\nHost: %s\r\n\r\n", invocationPath, conn.RemoteAddr())
		eventuallyIdle(t, f, 1)
		result := start(f, id)
		event, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		event.Body.Close()
		begin := time.Now()
		fmt.Fprintf(conn, "POST %s%s/response HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n", invocationPath, id, conn.RemoteAddr())
		fmt.Fprint(conn, "4\r\nhead\r\n")
		fmt.Fprint(conn, "0\r\n\r\n")
		if got := <-result; got.body != "head" {
			t.Errorf("got %+v", got)
		}
		best = min(best, time.Since(begin))
		conn.Close()
	}
	if best > 30*time.Millisecond {
		t.Errorf("the fastest of 100 responses took %v", best)
	}
}

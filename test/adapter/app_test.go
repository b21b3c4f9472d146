package adapter

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/porttest"
)

// An app is a web app that controls each byte. It answers readiness checks by
// itself: requests for / without x-amzn-lambda-context.
type app struct {
	net.Listener
	respond  func(*exchange)
	check    func(*exchange) // answers readiness checks
	received chan *request
	checks   chan *request

	mu    sync.Mutex
	conns []net.Conn
	wait  sync.WaitGroup
}

// A request is what the app received.
type request struct {
	line       string
	header     []string // lines, with names in lower case
	body       string
	connection int // counted from 1
	port       string
}

// An exchange is a request whose response the test writes.
type exchange struct {
	*request
	net.Conn
	app *app
}

const ready = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// listen returns an app on a port of its own.
func listen(t *testing.T, respond func(*exchange)) *app {
	t.Helper()
	return serve(t, porttest.Reserve(t), respond, isReady)
}

func isReady(e *exchange) { e.write(ready) }

// serve returns an app on a port.
func serve(t *testing.T, port *porttest.Port, respond, check func(*exchange)) *app {
	t.Helper()
	a := &app{
		Listener: port.Listen(t), respond: respond, check: check,
		received: make(chan *request, 1000), checks: make(chan *request, 10_000),
	}
	a.wait.Go(a.accept)
	t.Cleanup(func() {
		a.stop()
		a.wait.Wait()
	})
	return a
}

func (a *app) port() string { return strconv.Itoa(a.Addr().(*net.TCPAddr).Port) }

// stop closes the app's port and its connections.
func (a *app) stop() {
	a.Close()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, conn := range a.conns {
		conn.Close()
	}
}

func (a *app) accept() {
	for {
		conn, err := a.Accept()
		if err != nil {
			return
		}
		a.mu.Lock()
		a.conns = append(a.conns, conn)
		number := len(a.conns)
		a.mu.Unlock()
		a.wait.Go(func() { a.serveConn(conn, number) })
	}
}

func (a *app) serveConn(conn net.Conn, number int) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for {
		req, err := readRequest(r)
		if err != nil {
			return
		}
		req.connection, req.port = number, a.port()
		e := &exchange{req, conn, a}
		if !slices.ContainsFunc(req.header, func(line string) bool { return strings.HasPrefix(line, "x-amzn-lambda-context:") }) {
			a.checks <- req
			a.check(e)
			continue
		}
		a.received <- req
		a.respond(e)
	}
}

// readRequest reads a request with a Content-Length, without normalizing it.
func readRequest(r *bufio.Reader) (*request, error) {
	req := new(request)
	length := 0
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		line = strings.TrimSuffix(line, "\r\n")
		switch {
		case line == "":
			body := make([]byte, length)
			_, err := io.ReadFull(r, body)
			req.body = string(body)
			slices.Sort(req.header)
			return req, err
		case req.line == "":
			req.line = line
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		name = strings.ToLower(name)
		if name == "content-length" {
			length, _ = strconv.Atoi(strings.TrimSpace(value))
		}
		req.header = append(req.header, name+":"+value)
	}
}

// String returns the request as the tables have it: without what every request
// has, which has a test of its own.
func (r *request) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, r.line)
	for _, line := range r.header {
		name, _, _ := strings.Cut(line, ":")
		switch {
		case name == "x-amzn-lambda-context", name == "x-amzn-request-context", name == "x-amzn-trace-id":
		case line == "host: "+host, line == "content-length: 0":
		default:
			fmt.Fprintln(&b, strings.Replace(line, r.port, "PORT", 1))
		}
	}
	if r.body != "" {
		fmt.Fprintf(&b, "\n%s", r.body)
	}
	return b.String()
}

// write writes bytes as they are.
func (e *exchange) write(response string) {
	io.WriteString(e.Conn, response)
}

// chunk writes one chunk of a chunked body.
func (e *exchange) chunk(data string) { e.write(fmt.Sprintf("%x\r\n%s\r\n", len(data), data)) }

// reset closes the connection with a RST.
func (e *exchange) reset() {
	e.Conn.(*net.TCPConn).SetLinger(0)
	e.Close()
}

// answer sends these bytes, with \n as \r\n up to the first blank line.
func answer(response string) func(*exchange) {
	head, body, _ := strings.Cut(response, "\n\n")
	response = strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body
	return func(e *exchange) { e.write(response) }
}

// breakOff is as answer, and then closes the connection.
func breakOff(response string) func(*exchange) {
	send := answer(response)
	return func(e *exchange) {
		send(e)
		e.Close()
	}
}

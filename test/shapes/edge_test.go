package shapes

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// An edge is an assembly that is being served.
type edge struct {
	*local.Edge

	address string
	client  *http.Client
	log     *log
}

// serve serves an assembly until the test ends. Then no goroutine or process may
// be left.
func serve(t *testing.T, assembly string) *edge {
	t.Helper()
	return serveWith(t, assembly, build.Options{})
}

// serveWith serves an assembly with options.
func serveWith(t *testing.T, assembly string, options build.Options) *edge {
	t.Helper()
	return serveSource(t, local.Source{Assembly: assembly}, options)
}

// serveSource serves stacks with options.
func serveSource(t *testing.T, source local.Source, options build.Options) *edge {
	t.Helper()
	// The functions' own timeouts are 1 s. CloudFront's of 30 s would come too late.
	e := &edge{log: new(log), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: 20 * time.Second}}
	before := goleak.IgnoreCurrent()
	opened, err := source.Open(options, e.log.logger())
	if err != nil {
		t.Fatal(err)
	}
	e.Edge = opened
	server := httptest.NewServer(e)
	e.address = server.Listener.Addr().String()
	t.Cleanup(func() {
		e.client.CloseIdleConnections()
		server.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		if processes := localtest.Children(os.Getpid()); len(processes) > 0 {
			t.Errorf("got processes %v after the end, want none", processes)
		}
		if err := goleak.Find(before); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			lines := slices.Collect(strings.Lines(e.log.String()))
			t.Logf("the end of the edge's log:\n%s", strings.Join(lines[max(0, len(lines)-50):], ""))
		}
	})
	return e
}

// openFails fails the test unless opening the assembly returns an error that
// contains all of want.
func openFails(t *testing.T, assembly string, want ...string) {
	t.Helper()
	e, err := local.Source{Assembly: assembly}.Open(build.Options{}, new(log).logger())
	if err == nil {
		e.Close()
		t.Fatalf("got no error, want one with %q", want)
	}
	for _, text := range want {
		if !strings.Contains(err.Error(), text) && !strings.Contains(fault.HintOf(err), text) {
			t.Errorf("got the error %q with the hint %q, want %q in it", err, fault.HintOf(err), text)
		}
	}
}

// leavesOut fails the test unless the assembly is served, and a line of the log that
// contains all of want says what isn't.
func leavesOut(t *testing.T, assembly string, want ...string) {
	t.Helper()
	e := serve(t, assembly)
	said := e.log.lines(t, func(l line) bool {
		text := l.Msg + "\n" + l.Cause + "\n" + l.Hint
		return !slices.ContainsFunc(want, func(word string) bool { return !strings.Contains(text, word) })
	})
	if len(said) == 0 {
		t.Errorf("got no line with %q", want)
	}
}

// A response has been read to its end.
type response struct {
	status int
	header http.Header
	body   string

	// broken is the error that ended the body, or nil.
	broken error
}

// send sends a request to the edge. The header is a list of names and values;
// Host selects the distribution or function URL.
func (e *edge) send(t *testing.T, method, path, body string, header ...string) response {
	t.Helper()
	got, err := e.trySend(method, path, body, header...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (e *edge) get(t *testing.T, path string, header ...string) response {
	t.Helper()
	return e.send(t, http.MethodGet, path, "", header...)
}

func (e *edge) trySend(method, path, body string, header ...string) (response, error) {
	request, err := http.NewRequest(method, "http://"+e.address+path, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Add(header[i], header[i+1])
	}
	request.Host = request.Header.Get("Host")
	received, err := e.client.Do(request)
	if err != nil {
		return response{}, err
	}
	defer received.Body.Close()
	content, err := io.ReadAll(received.Body)
	return response{received.StatusCode, received.Header, string(content), err}, nil
}

// read decodes a JSON body.
func read[T any](t *testing.T, r response) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(r.body), &value); err != nil {
		t.Fatalf("got %d %q, want JSON: %v", r.status, r.body, err)
	}
	return value
}

// seen is the request as inspect.js and inspect.py saw it.
type seen struct {
	Function, Greeting, Method, Path, Query, Body string
	Headers                                       map[string]string
	Cookies                                       []string
}

// A log holds what the edge logged.
type log struct {
	mu      sync.Mutex
	content bytes.Buffer
}

func (l *log) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.content.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.content.String()
}

// A line is one line of the log.
type line struct {
	Level, Msg, Source, Path, Cause, Hint, End, Environment, Start string
	Status, Bytes                                                  int
}

// lines returns the lines for which is returns true.
func (l *log) lines(t *testing.T, is func(line) bool) []line {
	t.Helper()
	var found []line
	for text := range strings.Lines(l.String()) {
		var one line
		if err := json.Unmarshal([]byte(text), &one); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if is(one) {
			found = append(found, one)
		}
	}
	return found
}

// explained returns the lines of requests for a path that have a cause and a hint. A
// viewer may get the response before its line is written.
func (l *log) explained(t *testing.T, path string) (found []line) {
	t.Helper()
	eventually(t, "a cause for "+path, func() bool {
		found = l.lines(t, func(l line) bool { return l.Cause != "" && l.Hint != "" && strings.HasSuffix(l.Msg, " "+path) })
		return len(found) > 0
	})
	return found
}

// requests returns the lines of the access log for a method and path. There must
// be n. A viewer may get the response before its line is written.
func (e *edge) requests(t *testing.T, request string, n int) []line {
	t.Helper()
	var found []line
	eventually(t, "a line for each "+request, func() bool {
		found = e.log.lines(t, func(l line) bool { return l.Msg == request })
		return len(found) >= n
	})
	if len(found) > n {
		t.Errorf("got %d lines %s, want %d", len(found), request, n)
	}
	return found
}

// eventually waits until is returns true, and fails the test after 20 s.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}

package shapes

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// disconnect reads the first line of a stream and disconnects.
func (e *edge) disconnect(t *testing.T, path string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+e.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := e.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if first, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil || first != "tick 0\n" {
		t.Fatalf("got %q (%v), want the first tick", first, err)
	}
}

// Inferred: the handler isn't told, as billing continues. Its environment is busy
// until it returns, and then serves the next request.
func TestViewer_that_disconnects_does_not_end_the_handler(t *testing.T) {
	for _, library := range []string{"lambdaurl", "streamhttp"} {
		t.Run(library, func(t *testing.T) {
			e := serveWith(t, shape("Fault"), build.Options{MaxEnvironments: 1})
			path := "/" + library + "/ticks"
			e.disconnect(t, path)
			left := func(l line) bool { return l.Msg == "GET "+path && l.End == "the viewer left" }
			eventually(t, "the line of the request", func() bool { return len(e.log.lines(t, left)) == 1 })

			if got := e.get(t, "/"+library+"/hello"); got.status != http.StatusOK {
				t.Fatalf("afterwards: got %d %s, want 200", got.status, got.body)
			}
			written := func(l line) bool { return l.Msg == "ticks: all written" }
			eventually(t, "the handler's last line", func() bool { return len(e.log.lines(t, written)) == 1 })
			if ends := e.log.lines(t, func(l line) bool { return left(l) || written(l) }); !left(ends[0]) {
				t.Errorf("got %+v, want the end of the request before the handler's", ends)
			}
			next := e.requests(t, "GET /"+library+"/hello", 1)
			if next[0].Start != "warm" || !strings.HasSuffix(next[0].Environment, "#1") {
				t.Errorf("afterwards: got %+v, want the same environment again", next)
			}
			if problems := e.log.lines(t, func(l line) bool { return l.Level != "INFO" && l.Path != "" }); len(problems) > 0 {
				t.Errorf("got %+v, want neither warnings nor errors", problems)
			}
		})
	}
}

func TestEdge_ends_streams_and_processes_when_it_closes(t *testing.T) {
	e := serve(t, shape("Fault"))
	response, err := e.client.Get("http://" + e.address + "/streamhttp/ticks")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Scan()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "tick 99") {
			t.Error("got the last tick, want the stream to end before it")
		}
	}
}

// parallel sends requests concurrently, each with a different body, and returns
// the number of right responses.
func (e *edge) parallel(t *testing.T, path string, requests int, right func(body string, got response) bool) int {
	t.Helper()
	results := make(chan error, requests)
	for i := range requests {
		go func() {
			body := fmt.Sprintf("request %d", i)
			sum := sha256.Sum256([]byte(body))
			got, err := e.trySend(http.MethodPost, path, body, "Content-Type", "text/plain", "X-Amz-Content-Sha256", hex.EncodeToString(sum[:]))
			if err == nil && (got.broken != nil || !right(body, got)) {
				err = fmt.Errorf("%s: got %d %q (%v)", body, got.status, got.body, got.broken)
			}
			results <- err
		}()
	}
	served := 0
	for range requests {
		if err := <-results; err != nil {
			t.Error(err)
			continue
		}
		served++
	}
	return served
}

func TestEdge_serves_500_requests_at_once(t *testing.T) {
	for name, test := range map[string]struct {
		shape, path  string
		environments int
		right        func(body string, got response) bool
	}{
		"with a Go handler": {"Fault", "/streamhttp/echo", 64, func(body string, got response) bool {
			return got.status == http.StatusOK && got.body == body
		}},
		"with two environments of Node.js": {"Weak", "/", 2, func(body string, got response) bool {
			return got.status == http.StatusOK && strings.Contains(got.body, `"body":"`+body+`"`)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			e := serveWith(t, shape(test.shape), build.Options{MaxEnvironments: test.environments})
			if got := e.parallel(t, test.path, 500, test.right); got != 500 {
				t.Errorf("got %d right responses, want 500", got)
			}
			environments := map[string]bool{}
			for _, l := range e.requests(t, "POST "+test.path, 500) {
				environments[l.Environment] = true
			}
			if len(environments) > test.environments {
				t.Errorf("got responses of %d environments, want at most %d", len(environments), test.environments)
			}
		})
	}
}

package cloudfront

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// silent is an origin that never answers.
func silent(count *atomic.Int32) originFunc {
	return func(r *http.Request) (*http.Response, error) {
		count.Add(1)
		if r.Body != nil {
			io.Copy(io.Discard, r.Body)
		}
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
}

func TestOrigin_that_does_not_answer_is_504_and_only_reads_are_retried(t *testing.T) {
	for _, c := range []struct {
		method, body string
		attempts     int
		want         int32
	}{{"GET", "", 3, 3}, {"HEAD", "", 2, 2}, {"GET", "", 1, 1}, {"POST", "x", 3, 1}, {"DELETE", "", 3, 1}, {"OPTIONS", "", 3, 1}} {
		synctest.Test(t, func(t *testing.T) {
			var count atomic.Int32
			config := testConfig(silent(&count))
			config.edit(func(o *Origin, _ *Behavior) { o.ReadTimeout, o.ConnectionAttempts = 30*time.Second, c.attempts })
			d, log := mustNew(t, config)
			begun := time.Now()
			resp := ask(t, d, c.method, "/", c.body)
			if resp.StatusCode != http.StatusGatewayTimeout || count.Load() != c.want {
				t.Errorf("%s: %d after %d attempts, want %d", c.method, resp.StatusCode, count.Load(), c.want)
			}
			if took := time.Since(begun); took != time.Duration(c.want)*30*time.Second {
				t.Errorf("%s: it took %v, want 30 s for each of %d attempts", c.method, took, c.want)
			}
			if !strings.Contains(log.String(), "response timeout of 30s") {
				t.Errorf("the log says: %s", log)
			}
		})
	}
}

func TestOrigin_that_fails_is_502_and_only_reads_are_retried(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	for _, c := range []struct {
		method, body string
		err          error
		want         int32
		status       int
	}{
		{"GET", "", errors.New("reset"), 3, 502},
		{"POST", "x", errors.New("reset"), 1, 502},
		{"POST", "x", refused, 3, 502},
		{"GET", "", refused, 3, 502},
	} {
		var count atomic.Int32
		config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
			count.Add(1)
			if r.Body != nil {
				r.Body.Close()
			}
			return nil, c.err
		}))
		d, _ := mustNew(t, config)
		if got := ask(t, d, c.method, "/", c.body).StatusCode; got != c.status || count.Load() != c.want {
			t.Errorf("%s %v: %d after %d attempts", c.method, c.err, got, count.Load())
		}
	}
}

func TestOrigin_that_recovers_answers_the_retry(t *testing.T) {
	var count atomic.Int32
	config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
		if count.Add(1) < 3 {
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		}
		body, _ := io.ReadAll(r.Body)
		return answer(200, string(body)), nil
	}))
	d, _ := mustNew(t, config)
	if resp := ask(t, d, "POST", "/", "kept"); read(t, resp) != "kept" {
		t.Error("the retry lost the body")
	}
}

func TestOrigin_that_cannot_be_connected_to_in_time_is_504(t *testing.T) {
	var count atomic.Int32
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		count.Add(1)
		// net.Dialer reports the start of a connection the same way.
		return (&net.Dialer{ControlContext: func(ctx context.Context, _, _ string, _ syscall.RawConn) error {
			<-ctx.Done()
			return ctx.Err()
		}}).DialContext(ctx, "tcp", "127.0.0.1:9")
	}}
	defer transport.CloseIdleConnections()
	config := testConfig(transport)
	config.edit(func(o *Origin, _ *Behavior) {
		o.ProtocolPolicy, o.ConnectionTimeout, o.ConnectionAttempts = "http-only", 10*time.Millisecond, 2
	})
	d, log := mustNew(t, config)
	if got := ask(t, d, "POST", "/", "x").StatusCode; got != 504 || count.Load() != 2 {
		t.Errorf("%d after %d attempts: %s", got, count.Load(), log)
	}
}

func TestOrigin_headers_over_the_limit_are_502(t *testing.T) {
	config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
		return answer(200, "", "X-Large", strings.Repeat("x", maxHeaders)), nil
	}))
	d, _ := mustNew(t, config)
	if got := ask(t, d, "GET", "/", "").StatusCode; got != 502 {
		t.Errorf("%d", got)
	}
}

func TestOrigin_that_stops_sending_cuts_the_connection(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(o *Origin)
		send func(w *io.PipeWriter)
		log  string
	}{
		{"nothing between packets", func(o *Origin) { o.ReadTimeout = 400 * time.Millisecond },
			func(w *io.PipeWriter) { w.Write([]byte("first ")) }, "heartbeat"},
		{"an error", nil, func(w *io.PipeWriter) {
			w.Write([]byte("first "))
			w.CloseWithError(errors.New("handler died"))
		}, "handler died"},
		{"completion timeout", func(o *Origin) { o.ResponseCompletionTimeout = 400 * time.Millisecond },
			func(w *io.PipeWriter) {
				for {
					if _, err := w.Write([]byte("first ")); err != nil {
						return
					}
					time.Sleep(5 * time.Millisecond)
				}
			}, "completion timeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
				r, w := io.Pipe()
				go c.send(w)
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: r}, nil
			}))
			config.edit(func(o *Origin, _ *Behavior) {
				if c.edit != nil {
					c.edit(o)
				}
			})
			d, log := mustNew(t, config)
			url, client := serve(t, d)
			resp, err := client.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			if resp.StatusCode != 200 || !strings.HasPrefix(string(body), "first ") || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%d %q %v", resp.StatusCode, body, err)
			}
			resp.Body.Close()
			eventually(t, "the log explains", func() bool { return strings.Contains(log.String(), c.log) })
		})
	}
}

func TestOrigin_may_be_slow_as_long_as_packets_come(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
			r, w := io.Pipe()
			go func() {
				for range 6 {
					time.Sleep(29 * time.Second)
					w.Write([]byte("x"))
				}
				w.Close()
			}()
			return &http.Response{StatusCode: 200, Body: r}, nil
		}))
		config.edit(func(o *Origin, _ *Behavior) { o.ReadTimeout = 30 * time.Second })
		d, _ := mustNew(t, config)
		if got := read(t, ask(t, d, "GET", "/", "")); got != "xxxxxx" {
			t.Errorf("%q", got)
		}
	})
}

func TestOrigin_shorter_than_it_declared_cuts_the_connection(t *testing.T) {
	d, _ := mustNew(t, testConfig(originFunc(func(*http.Request) (*http.Response, error) {
		return answer(200, "short", "Content-Length", "10"), nil
	})))
	url, client := serve(t, d)
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q %v", body, err)
	}
}

func TestViewer_that_leaves_ends_the_request_to_the_origin(t *testing.T) {
	for _, c := range []struct{ name, during string }{{"before the answer", "wait"}, {"in the middle of it", "stream"}} {
		t.Run(c.name, func(t *testing.T) {
			arrived, ended, closed := make(chan bool, 1), make(chan bool, 1), make(chan bool, 1)
			d, log := mustNew(t, testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
				arrived <- true
				if c.during == "wait" {
					<-r.Context().Done()
					ended <- true
					return nil, r.Context().Err()
				}
				pr, pw := io.Pipe()
				go func() {
					pw.Write([]byte("first"))
					<-r.Context().Done()
					ended <- true
				}()
				return &http.Response{StatusCode: 200, Body: closer{pr, func() { pr.Close(); closed <- true }}}, nil
			})))
			url, client := serve(t, d)
			ctx, leave := context.WithCancel(context.Background())
			defer leave()
			request, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
			got, began := make(chan error, 1), make(chan bool, 1)
			go func() {
				resp, err := client.Do(request)
				if err == nil {
					if _, err = io.ReadFull(resp.Body, make([]byte, len("first"))); err == nil {
						began <- true
						_, err = io.ReadAll(resp.Body)
					}
					resp.Body.Close()
				}
				got <- err
			}()
			wait(t, "the request arrives", arrived)
			if c.during == "stream" {
				wait(t, "the viewer gets the first bytes", began)
			}
			leave()
			wait(t, "the origin's context ends", ended)
			if c.during == "stream" {
				wait(t, "the origin's body is closed", closed)
			}
			if err := <-got; err == nil {
				t.Error("the viewer got a complete answer")
			}
			if strings.Contains(log.String(), "cause=") {
				t.Errorf("leaving was logged as a fault: %s", log)
			}
		})
	}
}

func wait(t *testing.T, what string, c <-chan bool) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(10 * time.Second):
		t.Fatal("never: " + what)
	}
}

package streamhttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestResponse_detects_the_content_type_as_net_http_does(t *testing.T) {
	cases := map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"HTML":             {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<!DOCTYPE html><p>") }, "text/html; charset=utf-8"},
		"after the status": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404); io.WriteString(w, "no such page") }, "text/plain; charset=utf-8"},
		"after nothing":    {func(w http.ResponseWriter, r *http.Request) { w.Write(nil); io.WriteString(w, "%PDF-1.7") }, "application/pdf"},
		"set": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "a/b")
			io.WriteString(w, "<html>")
		}, "a/b"},
		"set to nil": {func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "<html>")
		}, ""},
		"empty": {func(w http.ResponseWriter, r *http.Request) {}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := get(t, c.handler).Headers["Content-Type"]; got != c.want {
				t.Errorf("Content-Type is %q, want %q", got, c.want)
			}
		})
	}
}

func TestResponse_fixes_the_header_at_WriteHeader(t *testing.T) {
	captureLog(t)
	got := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Before", "1")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("X-After", "1")
		w.WriteHeader(http.StatusOK)
		io.WriteString(w, "short and stout")
	})
	if got.StatusCode != http.StatusTeapot || got.body != "short and stout" {
		t.Errorf("got %d %q, want the first final status", got.StatusCode, got.body)
	}
	if got.Headers["X-Before"] != "1" || got.Headers["X-After"] != "" {
		t.Errorf("headers are %v, want those set before WriteHeader", got.Headers)
	}
}

func TestResponse_logs_a_superfluous_WriteHeader(t *testing.T) {
	log := captureLog(t)
	get(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(201); w.WriteHeader(500) })
	if !strings.Contains(log.String(), "superfluous WriteHeader") || !strings.Contains(log.String(), "ignored=500") {
		t.Errorf("the log is %q, want the ignored status", log)
	}
}

func TestResponse_panics_on_an_invalid_status(t *testing.T) {
	captureLog(t)
	if got := get(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(0) }); got.StatusCode != 500 {
		t.Errorf("status is %d, want a 500 for the panic", got.StatusCode)
	}
}

func TestResponse_has_no_body_where_HTTP_forbids_one(t *testing.T) {
	for _, c := range []struct {
		method string
		status int
		err    error
	}{{"GET", 204, http.ErrBodyNotAllowed}, {"GET", 304, http.ErrBodyNotAllowed}, {"HEAD", 200, nil}, {"HEAD", 204, http.ErrBodyNotAllowed}} {
		written := make(chan error, 1)
		got := invoke(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "4")
			w.WriteHeader(c.status)
			_, err := io.WriteString(w, "data")
			written <- err
		}), newEvent(c.method, "/"))
		if got.StatusCode != c.status || got.body != "" || got.err != nil {
			t.Errorf("%s %d: got %d %q (%v), want a clean end without a body", c.method, c.status, got.StatusCode, got.body, got.err)
		}
		if err := <-written; err != c.err {
			t.Errorf("%s %d: Write returns %v, want %v", c.method, c.status, err, c.err)
		}
	}
}

func TestResponse_sends_a_prelude_without_a_body(t *testing.T) {
	response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }))(context.Background(), newEvent("GET", "/"))
	if err != nil {
		t.Fatal(err)
	}
	wire, err := io.ReadAll(response)
	if want := `{"statusCode":204}` + strings.Repeat("\x00", 8); string(wire) != want || err != nil {
		t.Errorf("the wire has %q (%v), want %q", wire, err, want)
	}
}

func TestResponse_is_sent_by_Flush(t *testing.T) {
	flushes := map[string]func(http.ResponseWriter) error{
		"Flusher":            func(w http.ResponseWriter) error { w.(http.Flusher).Flush(); return nil },
		"ResponseController": func(w http.ResponseWriter) error { return http.NewResponseController(w).Flush() },
	}
	for name, flush := range flushes {
		t.Run(name, func(t *testing.T) {
			release := make(chan struct{})
			response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(202)
				if err := flush(w); err != nil {
					t.Error(err)
				}
				<-release
				io.WriteString(w, "late")
			}))(context.Background(), newEvent("GET", "/"))
			if err != nil || response.StatusCode != 202 {
				t.Fatalf("got %v (%v), want the 202 before the handler returns", response, err)
			}
			close(release)
			if body, err := io.ReadAll(response.Body); string(body) != "late" || err != nil {
				t.Errorf("body is %q (%v), want late", body, err)
			}
		})
	}
}

func TestResponse_sends_each_write_before_the_next(t *testing.T) {
	taken := make(chan struct{})
	response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, line := range []string{"one", "two", "three"} {
			io.WriteString(w, line)
			<-taken
		}
	}))(context.Background(), newEvent("GET", "/"))
	if err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 64)
	for _, want := range []string{"one", "two", "three"} {
		n, err := response.Body.Read(buffer)
		if string(buffer[:n]) != want || err != nil {
			t.Fatalf("read %q (%v), want %q", buffer[:n], err, want)
		}
		taken <- struct{}{}
	}
	if _, err := response.Body.Read(buffer); err != io.EOF {
		t.Errorf("the stream ends with %v, want io.EOF", err)
	}
}

func TestResponse_enforces_the_content_length(t *testing.T) {
	log := captureLog(t)
	long := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "3")
		io.WriteString(w, "abc")
		if _, err := io.WriteString(w, "d"); err != http.ErrContentLength {
			t.Errorf("one byte too many: got %v, want http.ErrContentLength", err)
		}
	})
	if long.body != "abc" || long.err != nil {
		t.Errorf("body is %q (%v), want abc", long.body, long.err)
	}
	short := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "3")
		io.WriteString(w, "ab")
	})
	if !errors.Is(short.err, io.ErrUnexpectedEOF) || !strings.Contains(log.String(), "less than its Content-Length") {
		t.Errorf("a short body ends with %v and the log %q, want both to say so", short.err, log)
	}
	invalid := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "many")
		io.WriteString(w, "abcd")
	})
	if _, sent := invalid.Headers["Content-Length"]; sent || invalid.body != "abcd" || invalid.err != nil {
		t.Errorf("an invalid Content-Length gives %v %q (%v), want it dropped", invalid.Headers, invalid.body, invalid.err)
	}
}

func TestResponse_rejects_writes_after_the_handler_returned(t *testing.T) {
	captureLog(t)
	writers := make(chan http.ResponseWriter, 1)
	got := get(t, func(w http.ResponseWriter, r *http.Request) { writers <- w })
	w := <-writers
	if _, err := io.WriteString(w, "late"); err != errHandlerReturned {
		t.Errorf("Write returns %v, want %v", err, errHandlerReturned)
	}
	if err := http.NewResponseController(w).Flush(); err != errHandlerReturned {
		t.Errorf("Flush returns %v, want %v", err, errHandlerReturned)
	}
	w.WriteHeader(500)
	if got.StatusCode != 200 || got.body != "" {
		t.Errorf("the response is %d %q, want it as the handler left it", got.StatusCode, got.body)
	}
}

// gin's Context.Stream panics without it.
func TestResponse_notifies_that_it_was_closed(t *testing.T) {
	notified := make(chan bool)
	response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		closed := w.(interface{ CloseNotify() <-chan bool }).CloseNotify()
		if len(closed) > 0 {
			t.Error("the channel has a value while the response is read")
		}
		w.(http.Flusher).Flush()
		notified <- <-closed
	}))(context.Background(), newEvent("GET", "/"))
	if err != nil {
		t.Fatal(err)
	}
	response.Close()
	if !<-notified {
		t.Error("got false, want true")
	}
}

func TestResponse_carries_a_large_body_unchanged(t *testing.T) {
	sent := strings.Repeat("0123456789abcdef\x00\xff", 100_000)
	got := get(t, func(w http.ResponseWriter, r *http.Request) {
		if n, err := io.Copy(w, io.MultiReader(strings.NewReader(sent))); n != int64(len(sent)) || err != nil {
			t.Errorf("copied %d (%v), want %d", n, err, len(sent))
		}
	})
	if got.body != sent {
		t.Errorf("%d bytes arrived, and not the %d that were sent", len(got.body), len(sent))
	}
}

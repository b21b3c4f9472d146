package ndjson

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/localtest/streamtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func record(t testing.TB, send func(*Writer)) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	w := NewWriter(recorder, httptest.NewRequest("GET", "/", nil), nil)
	defer w.Close()
	send(w)
	return recorder
}

func TestWriter_sends_each_value_as_a_line(t *testing.T) {
	recorder := record(t, func(w *Writer) {
		w.Send(map[string]any{"html": "<b>&\n</b>", "n": 1})
		w.Send("text")
		w.Send(nil)
		w.Send(json.RawMessage("{\n  \"spread\": [\r\n1,\n2]\n}"))
	})
	const want = `{"html":"<b>&\n</b>","n":1}` + "\n" + `"text"` + "\nnull\n" + `{"spread":[1,2]}` + "\n"
	if got := recorder.Body.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := recorder.Header().Get("Content-Type"); got != "application/x-ndjson" || !recorder.Flushed {
		t.Errorf("Content-Type is %q and flushed is %v", got, recorder.Flushed)
	}
}

func TestWriter_reports_its_first_error_again(t *testing.T) {
	recorder := record(t, func(w *Writer) {
		w.Send(1)
		err := w.Send(func() {})
		if err == nil || !strings.HasPrefix(err.Error(), "ndjson: can't send a func()") {
			t.Errorf("error is %v, want the type that can't be sent", err)
		}
		if again := w.Send(2); again != err || w.Close() != err || w.Context().Err() != context.Canceled {
			t.Errorf("then Send returns %v, Close %v, and the context has %v", again, w.Close(), w.Context().Err())
		}
	})
	if got := recorder.Body.String(); got != "1\n" {
		t.Errorf("got %q, want what was sent before the error", got)
	}
}

func TestWriter_sends_only_the_header_for_HEAD(t *testing.T) {
	recorder := httptest.NewRecorder()
	w := NewWriter(recorder, httptest.NewRequest("HEAD", "/", nil), nil)
	defer w.Close()
	if err := w.Send(1); err != http.ErrBodyNotAllowed || recorder.Body.Len() > 0 {
		t.Errorf("Send returns %v after %q, want http.ErrBodyNotAllowed", err, recorder.Body)
	}
}

// Neither a reader of lines nor one of values has to know about heartbeats.
func TestWriter_sends_heartbeats_that_no_reader_has_to_know(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recorder := httptest.NewRecorder()
		w := NewWriter(recorder, httptest.NewRequest("GET", "/", nil), &Options{Heartbeat: time.Second})
		for n := range 3 {
			time.Sleep(2500 * time.Millisecond)
			w.Send(n)
		}
		w.Close()
		if got := recorder.Body.String(); got != "  0\n  1\n  2\n" {
			t.Errorf("got %q, want two spaces before each line", got)
		}
		decoder := json.NewDecoder(bytes.NewReader(recorder.Body.Bytes()))
		lines := bufio.NewScanner(recorder.Body)
		for n := range 3 {
			var value, line int
			if err := decoder.Decode(&value); err != nil || value != n {
				t.Errorf("a reader of values gets %d (%v), want %d", value, err, n)
			}
			if lines.Scan(); json.Unmarshal(lines.Bytes(), &line) != nil || line != n {
				t.Errorf("a reader of lines gets %q, want %d", lines.Text(), n)
			}
		}
	})
}

func TestWriter_leaves_time_for_a_last_line(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		recorder := httptest.NewRecorder()
		w := NewWriter(recorder, httptest.NewRequest("GET", "/", nil).WithContext(ctx), nil)
		defer w.Close()
		began := time.Now()
		<-w.Context().Done()
		if got := time.Since(began); got != 58*time.Second || w.Context().Err() != context.DeadlineExceeded {
			t.Errorf("the context ends after %v with %v, want 58 s and the deadline", got, w.Context().Err())
		}
		if err := w.Send("bye"); err != nil {
			t.Errorf("the last line: %v", err)
		}
	})
}

func TestWriter_waits_for_a_slow_reader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		response := streamtest.NewPipe()
		w := NewWriter(response, httptest.NewRequest("GET", "/", nil), nil)
		sent := 0
		go func() {
			for w.Send(sent) == nil {
				sent++
			}
		}()
		time.Sleep(time.Hour)
		io.ReadFull(response, make([]byte, len("0\n1\n")))
		synctest.Wait()
		if sent != 2 {
			t.Errorf("%d lines were sent to a reader that took 2", sent)
		}
		broken := errors.New("broken")
		response.Break(broken)
		synctest.Wait()
		if err := w.Close(); err != broken {
			t.Errorf("Close returns %v, want the error of the write", err)
		}
	})
}

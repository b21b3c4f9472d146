package sse

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest/streamtest"
)

func TestWriter_sends_a_heartbeat_when_it_is_silent(t *testing.T) {
	for name, c := range map[string]struct {
		options *Options
		silence time.Duration
		want    string
	}{
		"before the default":  {nil, 14 * time.Second, ""},
		"after the default":   {nil, 16 * time.Second, ":\n\n"},
		"a minute":            {nil, time.Minute + time.Second, ":\n\n:\n\n:\n\n:\n\n"},
		"chosen":              {&Options{Heartbeat: time.Second}, 2500 * time.Millisecond, ":\n\n:\n\n"},
		"turned off":          {&Options{Heartbeat: -1}, time.Hour, ""},
		"every 24 days and 1": {&Options{Heartbeat: 600 * time.Hour}, 599 * time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				recorder := httptest.NewRecorder()
				w := NewWriter(recorder, httptest.NewRequest("GET", "/", nil), c.options)
				time.Sleep(c.silence)
				w.Close()
				if got := recorder.Body.String(); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		})
	}
}

func TestWriter_sends_no_heartbeat_between_events(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recorder := httptest.NewRecorder()
		w := NewWriter(recorder, httptest.NewRequest("GET", "/", nil), nil)
		for range 10 {
			time.Sleep(10 * time.Second)
			w.Send(Event{Data: "x"})
		}
		w.Close()
		if got := parse(recorder.Body.String()); got.comments != 0 || len(got.events) != 10 {
			t.Errorf("got %d comments and %d events, want 10 events", got.comments, len(got.events))
		}
	})
}

func TestWriter_leaves_time_for_a_last_event(t *testing.T) {
	for name, c := range map[string]struct {
		options        *Options
		left, reserved time.Duration
	}{
		"default":            {nil, time.Minute, 2 * time.Second},
		"chosen":             {&Options{Reserve: 10 * time.Second}, time.Minute, 10 * time.Second},
		"half of a short":    {nil, 3 * time.Second, 1500 * time.Millisecond},
		"turned off":         {&Options{Reserve: -1}, time.Minute, 0},
		"more than there is": {&Options{Reserve: time.Hour}, time.Minute, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(context.Background(), c.left)
				defer cancel()
				recorder := httptest.NewRecorder()
				w := NewWriter(recorder, httptest.NewRequest("GET", "/", nil).WithContext(ctx), c.options)
				defer w.Close()
				began := time.Now()
				<-w.Context().Done()
				if got := c.left - time.Since(began); got != c.reserved {
					t.Errorf("the context ends %v before the deadline, want %v", got, c.reserved)
				}
				if err := w.Context().Err(); err != context.DeadlineExceeded {
					t.Errorf("it ends with %v, want context.DeadlineExceeded", err)
				}
				err := w.Send(Event{Name: "bye"})
				if c.reserved == 0 {
					if !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("Send after the deadline returns %v", err)
					}
				} else if err != nil || len(parse(recorder.Body.String()).events) == 0 {
					t.Errorf("the last event: %v, and %q was sent", err, recorder.Body)
				}
			})
		})
	}
}

func TestWriter_waits_for_a_slow_reader_and_buffers_nothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		response := streamtest.NewPipe()
		w := NewWriter(response, httptest.NewRequest("GET", "/", nil), nil)
		sent := 0
		go func() {
			for w.Send(Event{Data: "x"}) == nil {
				sent++
			}
		}()
		time.Sleep(time.Hour)
		synctest.Wait()
		if sent != 0 {
			t.Errorf("%d events were sent to a reader that took none", sent)
		}
		io.ReadFull(response, make([]byte, 3*len("data: x\n\n")))
		synctest.Wait()
		if sent != 3 {
			t.Errorf("%d events were sent to a reader that took 3", sent)
		}
		response.Break(errors.New("broken"))
		synctest.Wait()
		if err := w.Close(); err == nil || err.Error() != "broken" {
			t.Errorf("Close returns %v, want the error of the first write that failed", err)
		}
		if w.Context().Err() != context.Canceled || context.Cause(w.Context()).Error() != "broken" {
			t.Errorf("the context has %v because of %v", w.Context().Err(), context.Cause(w.Context()))
		}
	})
}

func TestWriter_notices_a_broken_connection_by_its_heartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		response := streamtest.NewPipe()
		response.Break(errors.New("broken"))
		w := NewWriter(response, httptest.NewRequest("GET", "/", nil), nil)
		defer w.Close()
		began := time.Now()
		<-w.Context().Done()
		if got := time.Since(began); got != 15*time.Second {
			t.Errorf("the context ends after %v, want the 15 s of a heartbeat", got)
		}
	})
}

func TestWriter_may_be_used_by_several_goroutines(t *testing.T) {
	recorder := httptest.NewRecorder()
	w := NewWriter(recorder, httptest.NewRequest("GET", "/", nil), &Options{Heartbeat: time.Microsecond})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				if err := w.SendJSON(Event{ID: "1", Name: "n"}, http.StatusOK); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	w.Close()
	got := parse(recorder.Body.String())
	if len(got.events) != 800 {
		t.Fatalf("%d events arrived, want 800", len(got.events))
	}
	for _, event := range got.events {
		if event != (received{"1", "n", "200"}) {
			t.Fatalf("event %+v is torn", event)
		}
	}
}

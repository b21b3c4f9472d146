package runs

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/sse"
)

func TestStart_sends_events_and_records_them(t *testing.T) {
	h := serving(New(new(Memory), nil), counts(500, 0))
	first := events(t, do(t, h, "Ada", "POST", "/ask", ""))
	check(t, first, 1, 500)
	run := runOf(t, first[0])
	check(t, events(t, do(t, h, "Ada", "GET", "/ask/"+run, "")), 1, 500)
	check(t, events(t, do(t, h, "Ada", "GET", "/ask/"+run, run+".123")), 124, 500)
	check(t, events(t, do(t, h, "Ada", "POST", "/ask", run+".499")), 500, 500)
	if got := do(t, h, "Ada", "POST", "/ask", run+".500"); got.Code != 204 {
		t.Errorf("got %d %s after the last event, want 204", got.Code, got.Body)
	}
}

func TestStart_goes_on_when_the_viewer_leaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(new(Memory), nil)
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		recorder := httptest.NewRecorder()
		r.Start(recorder, httptest.NewRequestWithContext(ctx, "POST", "/", nil), ada, counts(100, 100*time.Millisecond))
		seen := events(t, recorder)
		if len(seen) < 8 || len(seen) > 10 {
			t.Errorf("the viewer who left got %d events", len(seen))
		}
		check(t, events(t, do(t, serving(r, nil), "Ada", "POST", "/ask", seen[len(seen)-1].ID)), len(seen)+1, 100)
	})
}

// A stuck viewer takes nothing until it is released.
type stuck struct {
	*httptest.ResponseRecorder
	release <-chan struct{}
}

func (s stuck) Write(p []byte) (int, error) {
	<-s.release
	return s.ResponseRecorder.Write(p)
}

func TestStart_records_while_its_viewer_reads_nothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(new(Memory), nil)
		release := make(chan struct{})
		slow := stuck{httptest.NewRecorder(), release}
		go r.Start(slow, httptest.NewRequestWithContext(t.Context(), "POST", "/", nil), Key{Owner: "Ada", Chat: "c"}, counts(5000, time.Millisecond))
		time.Sleep(time.Second)
		other := events(t, do(t, serving(r, nil), "Ada", "GET", "/chat/c/stream", ""))
		check(t, other, 1, 5000)
		close(release)
		synctest.Wait()
		check(t, events(t, slow.ResponseRecorder), 1, 5000)
	})
}

func TestStart_says_how_a_run_ended_to_all_viewers(t *testing.T) {
	for name, test := range map[string]struct {
		produce Producer
		data    string
		logged  string
	}{
		"an error": {
			func(context.Context, func(sse.Event) error) error { return errors.New("secret") },
			`{"error":"the run failed: its log says why","type":"run_failed"}`, "secret",
		},
		"a panic": {
			func(context.Context, func(sse.Event) error) error { panic("secret") },
			`{"error":"the run failed: its log says why","type":"run_failed"}`, "start_test.go",
		},
		"the deadline": {
			counts(1000, time.Second),
			`{"error":"the function's time is up: ask for less","type":"run_failed"}`, "deadline exceeded",
		},
		"the deadline that a producer ignores": {
			func(_ context.Context, emit func(sse.Event) error) error {
				time.Sleep(time.Minute)
				if emit(sse.Event{Data: "late"}) == nil {
					panic("an event was taken after the end")
				}
				return nil
			},
			`{"error":"the function's time is up: ask for less","type":"run_failed"}`, "deadline exceeded",
		},
	} {
		t.Run(name, func(t *testing.T) {
			logged := log(t)
			synctest.Test(t, func(t *testing.T) {
				r := New(new(Memory), nil)
				deadline := time.Now().Add(30 * time.Second)
				ctx, cancel := context.WithDeadline(t.Context(), deadline)
				defer cancel()
				recorder := httptest.NewRecorder()
				r.Start(recorder, httptest.NewRequestWithContext(ctx, "POST", "/", nil), Key{Owner: "Ada", Chat: "c"}, test.produce)
				if left := time.Until(deadline); left < 2*time.Second {
					t.Errorf("the run ended %v before the function", left)
				}
				all := events(t, recorder)
				final := all[len(all)-1]
				if final.Data != test.data || final.Type != "run_failed" {
					t.Errorf("got %+v", final)
				}
				if strings.Contains(recorder.Body.String(), "secret") || !strings.Contains(logged.String(), test.logged) {
					t.Errorf("got the log %s", logged)
				}
				run := runOf(t, final)
				again := events(t, do(t, serving(r, nil), "Ada", "GET", "/ask/"+run, ""))
				if summary(again) != summary(all) {
					t.Errorf("got %s when resumed, want %s", summary(again), summary(all))
				}
				if got := do(t, serving(r, nil), "Ada", "GET", "/ask/"+run, final.ID); got.Code != 204 {
					t.Errorf("got %d %s after the last event, want 204", got.Code, got.Body)
				}
				time.Sleep(time.Minute) // for the producer that ignores its context
			})
		})
	}
}

func TestStart_streams_without_ids_if_the_store_cannot_be_reached(t *testing.T) {
	logged := log(t)
	store := &flaky{fail: func(item) bool { return true }}
	all := events(t, do(t, serving(New(store, nil), counts(10, 0)), "Ada", "POST", "/ask", ""))
	if len(all) != 10 || all[0].ID != "" || all[9].ID != "" {
		t.Errorf("got %+v", all)
	}
	if !strings.Contains(logged.String(), "the run isn't recorded: viewers can't resume it") {
		t.Errorf("got the log %s", logged)
	}
}

func TestStart_fails_a_run_that_cannot_be_written_without_a_gap(t *testing.T) {
	log(t)
	synctest.Test(t, func(t *testing.T) {
		var batches atomic.Int32
		store := &flaky{fail: func(i item) bool { return i.Events.B != nil && batches.Add(1) == 3 }}
		h := serving(New(store, nil), counts(1000, 50*time.Millisecond))
		all := events(t, do(t, h, "Ada", "POST", "/ask", ""))
		final := all[len(all)-1]
		check(t, all[:len(all)-1], 1, len(all)-1)
		if len(all) > 30 || !strings.Contains(final.Data, "the run failed") {
			t.Errorf("got %d events, the last %+v", len(all), final)
		}
		again := events(t, do(t, h, "Ada", "GET", "/ask/"+runOf(t, final), ""))
		check(t, again[:len(again)-1], 1, len(again)-1)
		if again[len(again)-1].Data != final.Data {
			t.Errorf("got %s when resumed", summary(again))
		}
		if got := do(t, h, "Ada", "POST", "/ask", final.ID); got.Code != 204 {
			t.Errorf("got %d %s after the last event, want 204", got.Code, got.Body)
		}
	})
}

func TestStart_takes_no_event_that_it_could_not_serve(t *testing.T) {
	var refused []error
	r := New(new(Memory), nil)
	recorder := httptest.NewRecorder()
	r.Start(recorder, httptest.NewRequestWithContext(t.Context(), "POST", "/", nil), ada, func(_ context.Context, emit func(sse.Event) error) error {
		refused = append(refused, emit(sse.Event{Data: strings.Repeat("x", maxEvent+1)}), emit(sse.Event{Name: "a\nb"}))
		return emit(sse.Event{Data: strings.Repeat("x", maxEvent)})
	})
	for _, err := range refused {
		if err == nil || !strings.Contains(err.Error(), "runs: can't take the event") {
			t.Errorf("got %v", err)
		}
	}
	if all := events(t, recorder); len(all) != 1 || len(all[0].Data) != maxEvent || !strings.HasSuffix(all[0].ID, ".1") {
		t.Errorf("got %d events", len(all))
	}
}

func TestKey_needs_an_owner(t *testing.T) {
	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
		func() {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(p.(string), "a Key has no Owner") {
					t.Errorf("%s: got %v, want a panic", method, p)
				}
			}()
			path := "/ask/x"
			if method == http.MethodPost {
				path = "/ask"
			}
			do(t, serving(New(new(Memory), nil), nil), "", method, path, "")
		}()
	}
}

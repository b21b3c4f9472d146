package runs

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudfurl/cloudfurl/client"
	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// A locked response can be read while it is written.
type locked struct {
	header http.Header
	mu     sync.Mutex
	body   bytes.Buffer
}

func (l *locked) Header() http.Header { return l.header }
func (l *locked) WriteHeader(int)     {}
func (l *locked) Flush()              {}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.body.Write(p)
}

// begun starts a run in the background and returns its id.
func begun(t *testing.T, r *Runs, key Key, produce Producer) (run string) {
	t.Helper()
	response := &locked{header: http.Header{}}
	go r.Start(response, httptest.NewRequestWithContext(t.Context(), "POST", "/", nil), key, produce)
	time.Sleep(500 * time.Millisecond)
	response.mu.Lock()
	defer response.mu.Unlock()
	for event := range client.Events(&response.body, nil) {
		return runOf(t, event)
	}
	t.Fatal("the run has no event")
	return ""
}

func TestResume_follows_a_run_of_another_process_to_its_end(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var store Memory
		run := begun(t, New(&store, nil), ada, counts(600, 20*time.Millisecond))
		began := time.Now()
		all := events(t, do(t, serving(New(&store, nil), nil), "Ada", "GET", "/ask/"+run, run+".5"))
		check(t, all, 6, 600)
		if took := time.Since(began); took < 10*time.Second || took > 13*time.Second {
			t.Errorf("took %v, want the rest of 12 s", took)
		}
	})
}

// A paged store returns two items at most, as DynamoDB returns 1 MB.
type paged struct {
	Memory
	queries atomic.Int32
}

func (p *paged) query(ctx context.Context, run string, after int64) ([]item, error) {
	p.queries.Add(1)
	found, err := p.Memory.query(ctx, run, after)
	return found[:min(2, len(found))], err
}

func TestResume_reads_what_is_more_than_a_query_returns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(paged)
		run := begun(t, New(store, nil), ada, counts(600, 20*time.Millisecond))
		time.Sleep(8 * time.Second)
		store.queries.Store(0)
		check(t, events(t, do(t, serving(New(store, nil), nil), "Ada", "GET", "/ask/"+run, "")), 1, 600)
		if n := store.queries.Load(); n > 100 {
			t.Errorf("got %d queries", n)
		}
	})
}

func TestResume_finds_no_run_of_another_owner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(new(Memory), nil)
		run := begun(t, r, Key{Owner: "Ada", Chat: "c"}, counts(100, 100*time.Millisecond))
		h := serving(r, nil)
		for _, path := range []string{"/ask/" + run, "/ask/NONE"} {
			for _, method := range []string{"GET", "DELETE"} {
				if got := do(t, h, "Eve", method, path, ""); got.Code != 404 || got.Body.String() != `{"error":{"message":"there is no such run, or it has expired: start one"}}`+"\n" {
					t.Errorf("%s %s: got %d %s, want 404", method, path, got.Code, got.Body)
				}
			}
		}
		if got := do(t, h, "Eve", "GET", "/chat/c/stream", ""); got.Code != 204 {
			t.Errorf("got %d %s of another owner's chat, want 204", got.Code, got.Body)
		}
		check(t, events(t, do(t, h, "Ada", "GET", "/ask/"+run, "")), 1, 100)
	})
}

func TestResume_bears_forged_ids(t *testing.T) {
	h := serving(New(new(Memory), nil), counts(20, 0))
	run := runOf(t, events(t, do(t, h, "Ada", "POST", "/ask", ""))[0])
	for id, want := range map[string]int{
		run:                             200,
		run + ".-1":                     200,
		run + ".x":                      200,
		run + ".99999999999999999999":   204, // the largest number
		run + ".1000000000000":          204,
		run + ".4000000000":             204,
		"NONE.3":                        404,
		"..":                            404,
		strings.Repeat("x", 5000) + ".": 404,
	} {
		if got := do(t, h, "Ada", "POST", "/ask", id); got.Code != want {
			t.Errorf("%.40s: got %d %s, want %d", id, got.Code, got.Body, want)
		}
	}
	// The id of another run isn't a place in this one.
	check(t, events(t, do(t, h, "Ada", "GET", "/ask/"+run, "NONE.3")), 1, 20)
}

func TestResume_says_that_the_function_of_a_run_died(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead := &flaky{fail: func(i item) bool { return false }}
		run := begun(t, New(dead, nil), ada, counts(1000, 10*time.Millisecond))
		var copied Memory // what the process has written so far
		dead.mu.Lock()
		copied.items = append(copied.items, dead.items...)
		dead.mu.Unlock()
		h := serving(New(&copied, nil), nil)
		all := events(t, do(t, h, "Ada", "GET", "/ask/"+run, ""))
		final := all[len(all)-1]
		check(t, all[:len(all)-1], 1, len(all)-1)
		if final.Type != "run_failed" || final.Data != `{"error":"the run's function died: ask again","type":"run_failed"}` {
			t.Errorf("got %+v", final)
		}
		if got := do(t, h, "Ada", "POST", "/ask", final.ID); got.Code != 204 {
			t.Errorf("got %d %s after the last event, want 204", got.Code, got.Body)
		}
		if again := events(t, do(t, h, "Ada", "GET", "/ask/"+run, all[len(all)-2].ID)); summary(again) != summary(all[len(all)-1:]) {
			t.Errorf("got %s after the last token", summary(again))
		}
		// Events that were sent, but never written, are in the memory of one viewer.
		if again := events(t, do(t, h, "Ada", "GET", "/ask/"+run, run+".500")); summary(again) != summary(all[len(all)-1:]) {
			t.Errorf("got %s after more than is written", summary(again))
		}
	})
}

func TestStart_writes_nothing_more_when_its_process_was_frozen_for_longer_than_the_lease(t *testing.T) {
	log(t)
	synctest.Test(t, func(t *testing.T) {
		var heads atomic.Int32
		store := &flaky{fail: func(i item) bool {
			if i.State.S == running && heads.Add(1) == 2 {
				time.Sleep(12 * time.Second)
			}
			return false
		}}
		ended := make(chan error, 1)
		run := begun(t, New(store, nil), ada, func(ctx context.Context, emit func(sse.Event) error) error {
			err := counts(100000, 10*time.Millisecond)(ctx, emit)
			ended <- err
			return err
		})
		h := serving(New(&store.Memory, nil), nil)
		found := events(t, do(t, h, "Ada", "GET", "/ask/"+run, ""))
		if final := found[len(found)-1]; !strings.Contains(final.Data, "the run's function died") {
			t.Errorf("got %+v", final)
		}
		if err := <-ended; err != errOver {
			t.Errorf("the producer ended with %v", err)
		}
		time.Sleep(5 * time.Second)
		again := events(t, do(t, h, "Ada", "GET", "/ask/"+run, ""))
		if summary(again) != summary(found) {
			t.Errorf("got %d events, and before %d", len(again), len(found))
		}
	})
}

func TestResume_of_a_dead_run_ends_after_a_forged_id(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var store Memory
		head := item{Run: text{partition("run", "Ada", "RUN")}, Number: number{headNumber}, Expires: number{time.Now().Add(time.Hour).Unix()}, State: text{running}, Alive: number{1}}
		packed, _ := pack([][2]string{{"token", "1 "}, {"token", "2 x"}})
		store.items = []item{head, {Run: head.Run, Number: number{2}, Expires: head.Expires, Events: binary{packed}}}
		h := serving(New(&store, nil), nil)
		if all := events(t, do(t, h, "Ada", "GET", "/ask/RUN", "RUN.1000000")); len(all) != 1 || all[0].ID != "RUN.999999999999" {
			t.Errorf("got %s", summary(all))
		}
		if all := events(t, do(t, h, "Ada", "GET", "/ask/RUN", "RUN.1")); len(all) != 2 || all[0].ID != "RUN.2" {
			t.Errorf("got %s", summary(all))
		}
	})
}

func TestResume_finds_no_run_that_has_expired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := serving(New(new(Memory), &Options{Keep: time.Hour}), counts(5, 0))
		run := runOf(t, events(t, do(t, h, "Ada", "POST", "/ask", ""))[0])
		time.Sleep(59 * time.Minute)
		check(t, events(t, do(t, h, "Ada", "GET", "/ask/"+run, "")), 1, 5)
		time.Sleep(2 * time.Minute)
		if got := do(t, h, "Ada", "GET", "/ask/"+run, ""); got.Code != 404 {
			t.Errorf("got %d %s, want 404", got.Code, got.Body)
		}
	})
}

func TestStop_ends_a_run_of_another_process(t *testing.T) {
	log(t)
	synctest.Test(t, func(t *testing.T) {
		var store Memory
		cause := make(chan error, 1)
		run := begun(t, New(&store, nil), ada, func(ctx context.Context, emit func(sse.Event) error) error {
			err := counts(1000, 100*time.Millisecond)(ctx, emit)
			cause <- err
			return err
		})
		h := serving(New(&store, nil), nil)
		if got := do(t, h, "Ada", "DELETE", "/ask/"+run, ""); got.Code != 204 {
			t.Fatalf("got %d %s", got.Code, got.Body)
		}
		stopped := time.Now()
		if err := <-cause; err != ErrStopped {
			t.Errorf("the producer ended with %v", err)
		}
		if took := time.Since(stopped); took > 1200*time.Millisecond {
			t.Errorf("the run ended after %v", took)
		}
		synctest.Wait()
		all := events(t, do(t, h, "Ada", "GET", "/ask/"+run, ""))
		if final := all[len(all)-1]; final.Data != `{"error":"the run was stopped","type":"run_failed"}` {
			t.Errorf("got %+v", final)
		}
		if got := do(t, h, "Ada", "DELETE", "/ask/"+run, ""); got.Code != 204 {
			t.Errorf("got %d %s of a run that is over, want 204", got.Code, got.Body)
		}
	})
}

func TestResume_of_a_chat_sees_that_a_long_run_is_over(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := serving(New(new(paged), nil), counts(100, 20*time.Millisecond))
		do(t, h, "Ada", "POST", "/chat/c", "")
		if got := do(t, h, "Ada", "GET", "/chat/c/stream", ""); got.Code != 204 {
			t.Errorf("got %d %s of a run of more than a page, want 204", got.Code, got.Body)
		}
	})
}

func TestResume_of_a_chat_sends_its_latest_run_while_that_is_active(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(new(Memory), &Options{UIMessages: true})
		h := serving(r, counts(3, 0))
		if got := do(t, h, "Ada", "GET", "/chat/c/stream", ""); got.Code != 204 {
			t.Errorf("got %d %s before the first run, want 204", got.Code, got.Body)
		}
		do(t, h, "Ada", "POST", "/chat/c", "")
		if got := do(t, h, "Ada", "GET", "/chat/c/stream", ""); got.Code != 204 {
			t.Errorf("got %d %s when the run is over, want 204", got.Code, got.Body)
		}
		run := begun(t, r, Key{Owner: "Ada", Chat: "c"}, counts(50, 100*time.Millisecond))
		got := do(t, h, "Ada", "GET", "/chat/c/stream", run+".3")
		check(t, events(t, got), 1, 50)
		if got.Header().Get("X-Vercel-Ai-Ui-Message-Stream") != "v1" {
			t.Errorf("got the header %v", got.Header())
		}
	})
}

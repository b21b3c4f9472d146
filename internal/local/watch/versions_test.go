package watch

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A fakeVersion responds with its text, and with 500 once it is closed.
type fakeVersion struct {
	text   string
	warmed atomic.Int32
	closed atomic.Int32
	err    error

	// A request waits for hold, if there is one, and tells entered before.
	entered chan struct{}
	hold    chan struct{}
}

func (f *fakeVersion) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if f.hold != nil {
		f.entered <- struct{}{}
		<-f.hold
	}
	if f.closed.Load() > 0 {
		w.WriteHeader(http.StatusInternalServerError)
	}
	w.Write([]byte(f.text))
}

func (f *fakeVersion) Warm(context.Context) { f.warmed.Add(1) }

func (f *fakeVersion) Close() error {
	f.closed.Add(1)
	return f.err
}

func get(handler http.Handler) (int, string) {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	return recorder.Code, recorder.Body.String()
}

func TestVersions_responds_503_with_the_reason_before_the_first(t *testing.T) {
	versions := NewVersions(time.Minute, new(record).logger())
	defer versions.Close()
	versions.Explain("it doesn't compile")
	if code, body := get(versions); code != http.StatusServiceUnavailable || !strings.Contains(body, "it doesn't compile") {
		t.Errorf("got %d %q, want 503 with the reason", code, body)
	}
}

func TestVersions_lets_a_request_end_where_it_began(t *testing.T) {
	versions := NewVersions(time.Minute, new(record).logger())
	defer versions.Close()
	old := &fakeVersion{text: "old", entered: make(chan struct{}), hold: make(chan struct{})}
	versions.Swap(old)
	answered := make(chan string)
	go func() {
		_, body := get(versions)
		answered <- body
	}()
	<-old.entered

	versions.Swap(&fakeVersion{text: "new"})
	if _, body := get(versions); body != "new" {
		t.Errorf("a request after the swap got %q, want new", body)
	}
	if n := old.closed.Load(); n != 0 {
		t.Errorf("the old version was closed %d times while it answered", n)
	}
	close(old.hold)
	if body := <-answered; body != "old" {
		t.Errorf("the request before the swap got %q, want old", body)
	}
	eventually(t, func() bool { return old.closed.Load() == 1 }, func() string { return "the old version to be closed" })
	versions.Close()
	if n := old.closed.Load(); n != 1 {
		t.Errorf("the old version was closed %d times, want once", n)
	}
}

func TestVersions_closes_a_replaced_version_after_the_grace(t *testing.T) {
	versions := NewVersions(20*time.Millisecond, new(record).logger())
	old := &fakeVersion{entered: make(chan struct{}), hold: make(chan struct{})}
	versions.Swap(old)
	var answering sync.WaitGroup
	answering.Go(func() { get(versions) })
	<-old.entered
	versions.Swap(&fakeVersion{})
	eventually(t, func() bool { return old.closed.Load() == 1 }, func() string { return "the old version to be closed" })
	close(old.hold)
	answering.Wait()
	versions.Close()
	if n := old.closed.Load(); n != 1 {
		t.Errorf("the old version was closed %d times, want once", n)
	}
}

func TestVersions_closes_all_at_once_at_the_end(t *testing.T) {
	log := new(record)
	versions := NewVersions(time.Minute, log.logger())
	old := &fakeVersion{entered: make(chan struct{}), hold: make(chan struct{}), err: errors.New("a process is stuck")}
	newest, late := &fakeVersion{}, &fakeVersion{}
	versions.Swap(old)
	var answering sync.WaitGroup
	answering.Go(func() { get(versions) })
	<-old.entered
	versions.Swap(newest)

	versions.Close()
	versions.Swap(late)
	versions.Close()
	for name, version := range map[string]*fakeVersion{"replaced": old, "newest": newest, "late": late} {
		if n := version.closed.Load(); n != 1 {
			t.Errorf("the %s version was closed %d times, want once", name, n)
		}
	}
	if code, _ := get(versions); code != http.StatusServiceUnavailable {
		t.Errorf("a request after the end got %d, want 503", code)
	}
	close(old.hold)
	answering.Wait()
	log.waitFor(t, "a process is stuck")
}

func TestVersions_serves_100_parallel_requests_during_swaps(t *testing.T) {
	versions := NewVersions(time.Minute, new(record).logger())
	all := []*fakeVersion{{}}
	versions.Swap(all[0])
	var failed, answered atomic.Int64
	var asking sync.WaitGroup
	stop := make(chan struct{})
	for range 100 {
		asking.Go(func() {
			for {
				if code, _ := get(versions); code != http.StatusOK {
					failed.Add(1)
				}
				answered.Add(1)
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for range 10 {
		before := answered.Load()
		eventually(t, func() bool { return answered.Load() > before+100 }, func() string { return "requests between swaps" })
		next := &fakeVersion{}
		all = append(all, next)
		versions.Swap(next)
	}
	close(stop)
	asking.Wait()
	versions.Close()
	if n := failed.Load(); n > 0 {
		t.Errorf("%d of %d requests failed, want none", n, answered.Load())
	}
	for i, version := range all {
		if n := version.closed.Load(); n != 1 {
			t.Errorf("version %d was closed %d times, want once", i, n)
		}
	}
}

package watch

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestVersions_holds_requests_for_the_version_with_a_change(t *testing.T) {
	versions := NewVersions(time.Minute, new(record).logger())
	defer versions.Close()
	versions.Swap(&fakeVersion{text: "old"})
	versions.Hold()
	answered := make(chan string)
	go func() {
		_, body := get(versions)
		answered <- body
	}()
	select {
	case body := <-answered:
		t.Fatalf("got %q while requests were held", body)
	case <-time.After(50 * time.Millisecond):
	}
	versions.Swap(&fakeVersion{text: "new"})
	versions.Release()
	if body := <-answered; body != "new" {
		t.Errorf("got %q, want new", body)
	}
}

func TestVersions_serves_the_old_version_if_there_is_no_next_one(t *testing.T) {
	versions := NewVersions(time.Minute, new(record).logger())
	defer versions.Close()
	versions.Swap(&fakeVersion{text: "old"})
	versions.Hold()
	versions.Release()
	if _, body := get(versions); body != "old" {
		t.Errorf("got %q, want old", body)
	}
}

func TestVersions_holds_no_request_whose_viewer_has_left_or_that_nothing_serves(t *testing.T) {
	versions := NewVersions(time.Minute, new(record).logger())
	defer versions.Close()
	versions.Hold()
	if code, _ := get(versions); code != http.StatusServiceUnavailable {
		t.Errorf("got %d without a version, want 503", code)
	}
	versions.Swap(&fakeVersion{text: "old"})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	versions.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
}

func TestVersions_releases_requests_when_it_closes(t *testing.T) {
	versions := NewVersions(time.Minute, new(record).logger())
	versions.Swap(&fakeVersion{text: "old"})
	versions.Hold()
	ended := make(chan struct{})
	go func() {
		get(versions)
		close(ended)
	}()
	time.Sleep(20 * time.Millisecond) // so that it most likely waits
	versions.Close()
	<-ended
}

func TestReloader_serves_an_edit_with_the_next_request(t *testing.T) {
	p, dir, _ := start(t, "first")
	p.serves(t, "first")
	held := func() bool {
		p.Versions.mu.Lock()
		defer p.Versions.mu.Unlock()
		return p.Versions.held != nil
	}
	// They are held for a moment, which a busy machine may miss.
	edit := func() {
		t.Helper()
		for begin := time.Now(); time.Since(begin) < patience; {
			replace(t, dir, "handler.txt", "second")
			for range 100 {
				if held() {
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
		}
		t.Fatalf("requests weren't held within %s", patience)
	}
	edit()
	if _, body := get(p.Versions); body != "second" {
		t.Errorf("got %q after the edit, want second", body)
	}
	edit()
	if _, body := get(p.Versions); body != "second" {
		t.Errorf("got %q after a file was written with the same content, want second", body)
	}
}

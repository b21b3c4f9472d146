package streamhttp

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestResponse_works_with_the_standard_library(t *testing.T) {
	redirect := invoke(t, http.RedirectHandler("/there", http.StatusFound), newEvent("POST", "/"))
	if redirect.StatusCode != 302 || redirect.Headers["Location"] != "/there" || redirect.err != nil {
		t.Errorf("redirect is %d %v (%v)", redirect.StatusCode, redirect.Headers, redirect.err)
	}
	ranged := newEvent("GET", "/")
	ranged.Headers["range"] = "bytes=2-3"
	part := invoke(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, testFS, "testdata/range.txt")
	}), ranged)
	if part.StatusCode != 206 || part.body != "23" || part.Headers["Content-Range"] != "bytes 2-3/10" {
		t.Errorf("range is %d %q %v", part.StatusCode, part.body, part.Headers)
	}
	upload := newEvent("POST", "/")
	upload.Body = "too much"
	limited := invoke(t, http.MaxBytesHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		}
	}), 3), upload)
	if limited.StatusCode != 413 {
		t.Errorf("MaxBytesHandler responds with %d, want 413", limited.StatusCode)
	}
	controlled := get(t, func(w http.ResponseWriter, r *http.Request) {
		controller := http.NewResponseController(w)
		if err := controller.EnableFullDuplex(); err != nil {
			t.Errorf("EnableFullDuplex: %v", err)
		}
		if _, _, err := controller.Hijack(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("Hijack: %v, want http.ErrNotSupported", err)
		}
	})
	if diff := cmp.Diff(map[string]string{}, controlled.Headers); diff != "" {
		t.Errorf("an empty 200 has unexpected headers:\n%s", diff)
	}
}

package streamhttp

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestResponse_refuses_compression_with_a_500_and_the_reason(t *testing.T) {
	log := captureLog(t)
	got := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Etag", `"1"`)
		w.Header().Set("Content-Length", "5")
		compressor := gzip.NewWriter(w)
		io.WriteString(compressor, "hello")
		if err := compressor.Close(); err != ErrContentEncoding {
			t.Errorf("Write returns %v, want ErrContentEncoding", err)
		}
		if err := http.NewResponseController(w).Flush(); err != ErrContentEncoding {
			t.Errorf("Flush returns %v, want ErrContentEncoding", err)
		}
	})
	if got.StatusCode != 500 || !strings.Contains(got.body, "compressed its response") || got.err != nil {
		t.Errorf("got %d %q (%v), want a 500 that says why", got.StatusCode, got.body, got.err)
	}
	if got.Headers["Etag"] != "" || got.Headers["Content-Encoding"] != "" || got.Headers["Content-Length"] != "" || got.Headers["Cache-Control"] != "no-store" {
		t.Errorf("headers are %v, want none of the handler's", got.Headers)
	}
	for _, want := range []string{"level=ERROR", "Content-Encoding", "encoding=gzip", "don't compress"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

// A handler that ignores the errors of Write may run for minutes.
func TestResponse_refuses_compression_at_once_and_ends_the_context(t *testing.T) {
	captureLog(t)
	ended := make(chan struct{})
	response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		w.Header().Set("Content-Encoding", "br")
		w.WriteHeader(http.StatusOK)
		<-r.Context().Done()
	}))(context.Background(), newEvent("GET", "/"))
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(response.Body); response.StatusCode != 500 || len(body) == 0 || err != nil {
		t.Errorf("got %d %q (%v), want the 500 while the handler is running", response.StatusCode, body, err)
	}
	response.Close()
	<-ended
}

func TestResponse_refuses_compression_of_bodies_only(t *testing.T) {
	for _, c := range []struct {
		method, encoding string
		status, want     int
	}{
		{"GET", "gzip", 304, 304},
		{"GET", "gzip", 204, 204},
		{"GET", "identity", 200, 200},
		{"GET", "Identity", 200, 200},
		{"GET", "zstd", 404, 500},
		{"HEAD", "gzip", 200, 500},
	} {
		captureLog(t)
		got := invoke(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", c.encoding)
			w.WriteHeader(c.status)
		}), newEvent(c.method, "/"))
		if got.StatusCode != c.want || got.err != nil || c.method == "HEAD" && got.body != "" {
			t.Errorf("%s with %d and %s: got %d %q (%v), want %d", c.method, c.status, c.encoding, got.StatusCode, got.body, got.err, c.want)
		}
	}
}

func TestResponse_refuses_compression_before_a_panic(t *testing.T) {
	captureLog(t)
	got := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write([]byte("\x1f\x8b"))
		panic("boom")
	})
	if got.StatusCode != 500 || !strings.Contains(got.body, "compressed its response") {
		t.Errorf("got %d %q, want the refusal", got.StatusCode, got.body)
	}
}

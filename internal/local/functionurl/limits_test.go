package functionurl

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
)

func TestURL_rejects_requests_over_6_MB(t *testing.T) {
	tests := []struct {
		contentType string
		size        int
		status      int
	}{
		{"text/plain", 6_000_000, 200},
		{"text/plain", 6_291_456, 413},
		{"text/plain", 6_291_457, 413},
		{"application/octet-stream", 4_700_000, 200},
		{"application/octet-stream", 4_800_000, 413},
	}
	for _, test := range tests {
		u, log := newURL(t, streams(ok), nil)
		body := strings.Repeat("x", test.size)
		req := newRequest(t, http.MethodPost, "/", body)
		req.Header.Set("Content-Type", test.contentType)
		req = signed(t, admin, req, body)
		if test.size%2 == 1 {
			req.ContentLength = -1 // chunked: the size shows only when it is read
		}
		resp, body := roundTrip(t, u, req)
		if resp.StatusCode != test.status {
			t.Errorf("%s of %d bytes: got %d, log %s", test.contentType, test.size, resp.StatusCode, log)
		}
		if test.status == 413 && body != `{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}` {
			t.Errorf("body %s", body)
		}
	}
}

func TestURL_stops_reading_a_body_at_the_limit(t *testing.T) {
	u, _ := newURL(t, mustNotRun(t), nil)
	u.limits.event = 1000
	endless := &io.LimitedReader{R: zeros{}, N: 1 << 30}
	req := newRequest(t, http.MethodPost, "/", "")
	req.Body, req.ContentLength = io.NopCloser(endless), -1
	if resp, _ := roundTrip(t, u, req); resp.StatusCode != 413 {
		t.Errorf("got %d", resp.StatusCode)
	}
	if read := 1<<30 - endless.N; read > 10_000 {
		t.Errorf("read %d bytes of a body that may have 1000", read)
	}
}

func TestURL_accepts_an_event_of_exactly_the_limit(t *testing.T) {
	body := strings.Repeat("x", 1000)
	size := len(capture(t, newRequest(t, http.MethodPost, "/", body), body, nil))
	for limit, want := range map[int]int{size: 200, size - 1: 413} {
		u, _ := newURL(t, streams(ok), nil)
		u.limits.event = limit
		if resp, _ := roundTrip(t, u, signed(t, admin, newRequest(t, http.MethodPost, "/", body), body)); resp.StatusCode != want {
			t.Errorf("an event of %d bytes and a limit of %d: got %d, want %d", size, limit, resp.StatusCode, want)
		}
	}
}

// Viewers who are slow, or whose requests wait for a handler, take nothing from
// those who aren't.
func TestHandler_serves_requests_beside_bodies_that_stall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		u, _ := newURL(t, func(_ context.Context, event []byte, _ lambda.InvokeOptions) (*lambda.Response, error) {
			if len(event) > 1<<20 {
				<-release
			}
			return &lambda.Response{Body: http.NoBody}, nil
		}, func(c *Config) { c.AuthType, c.Policies = AuthTypeNone, []*iam.Policy{permission("*", "*", nil)} })
		serve := func(method string, body io.Reader, announced int64) int {
			req := httptest.NewRequest(method, "/", body)
			req.ContentLength = announced
			recorder := httptest.NewRecorder()
			u.ServeHTTP(recorder, req)
			return recorder.Code
		}
		var viewers sync.WaitGroup
		var senders []*io.PipeWriter
		for range 100 {
			body, sender := io.Pipe()
			senders = append(senders, sender)
			viewers.Go(func() { serve(http.MethodPost, body, 6_000_000) })
			viewers.Go(func() { io.WriteString(sender, "ten bytes.") })
			viewers.Go(func() { serve(http.MethodPost, strings.NewReader(strings.Repeat("x", 1<<20)), 1<<20) })
		}
		synctest.Wait() // all of them stall
		if got := serve(http.MethodGet, http.NoBody, 0); got != http.StatusOK {
			t.Errorf("a GET beside them got %d", got)
		}
		for _, size := range []int{1, 500_000} {
			if got := serve(http.MethodPost, strings.NewReader(strings.Repeat("x", size)), -1); got != http.StatusOK {
				t.Errorf("a POST of %d bytes beside them got %d", size, got)
			}
		}
		close(release)
		for _, sender := range senders {
			sender.Close()
		}
		viewers.Wait()
	})
}

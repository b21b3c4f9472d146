package functionurl

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
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

func TestURL_does_not_reserve_the_memory_that_a_request_announces(t *testing.T) {
	req := newRequest(t, http.MethodPost, "/", "")
	sender, body := io.Pipe()
	req.Body, req.ContentLength = sender, 6_000_000
	done := make(chan error)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	go func() {
		_, err := readBody(req, lambdaLimits.event)
		done <- err
	}()
	io.WriteString(body, "ten bytes.") // returns when they have been read
	runtime.ReadMemStats(&after)
	if reserved := after.TotalAlloc - before.TotalAlloc; reserved > 1<<20 {
		t.Errorf("ten bytes of 6 MB have reserved %d", reserved)
	}
	body.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

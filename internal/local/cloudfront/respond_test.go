package cloudfront

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

func TestStream_viewer_has_the_first_byte_before_the_second_is_written(t *testing.T) {
	got := make(chan bool)
	d, _ := mustNew(t, testConfig(originFunc(func(*http.Request) (*http.Response, error) {
		r, w := io.Pipe()
		go func() {
			<-got // the headers
			for _, b := range []string{"1", "2", "3"} {
				io.WriteString(w, b)
				<-got
			}
			w.Close()
		}()
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/plain"}}, Body: r}, nil
	})))
	url, client := serve(t, d)
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got <- true
	one := make([]byte, 1)
	for _, want := range []string{"1", "2", "3"} {
		if _, err := io.ReadFull(resp.Body, one); err != nil || string(one) != want {
			t.Fatalf("%q %v", one, err)
		}
		got <- true
	}
	if _, err := resp.Body.Read(one); err != io.EOF {
		t.Errorf("after the last byte: %v", err)
	}
}

func TestResponse_has_CloudFronts_headers_and_no_hop_by_hop_ones(t *testing.T) {
	d, _ := mustNew(t, testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
		status := 200
		fmt.Sscan(r.URL.Query().Get("status"), &status)
		return answer(status, "", "Via", "1.0 inner", "Connection", "X-Hop", "X-Hop", "h", "Keep-Alive", "timeout=5", "Upgrade", "h2c",
			"Trailer", "X-T", "Transfer-Encoding", "chunked", "X-Cache", "Hit from cloudfront", "X-Amz-Cf-Pop", "NRT", "X-Amz-Cf-Id", "inner", "X-Amzn-Requestid", "r"), nil
	})))
	for status, xCache := range map[string]string{"200": "Miss from cloudfront", "302": "Miss from cloudfront", "404": "Error from cloudfront", "500": "Error from cloudfront"} {
		resp := ask(t, d, "GET", "/?status="+status, "")
		if fmt.Sprint(resp.StatusCode) != status || resp.Header.Get("X-Cache") != xCache || len(resp.Header.Values("X-Cache")) != 1 {
			t.Errorf("%s: %d %q", status, resp.StatusCode, resp.Header.Values("X-Cache"))
		}
		if got := resp.Header.Get("Via"); got != "1.1 "+viaHost(testID)+" (CloudFront)" {
			t.Errorf("Via: %q, want the origin's replaced", got)
		}
		if len(resp.Header.Get("X-Amz-Cf-Id")) != 56 || resp.Header.Get("X-Amz-Cf-Pop") != pop || resp.Header.Get("X-Amzn-Requestid") != "r" {
			t.Errorf("%v", resp.Header)
		}
		for _, name := range []string{"Connection", "X-Hop", "Keep-Alive", "Upgrade", "Trailer", "Transfer-Encoding"} {
			if resp.Header.Get(name) != "" {
				t.Errorf("%s traveled", name)
			}
		}
	}
}

func TestResponse_without_body_is_complete(t *testing.T) {
	d, _ := mustNew(t, testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
		status := 200
		fmt.Sscan(r.URL.Query().Get("status"), &status)
		resp := answer(status, strings.Repeat("x", 100), "Content-Length", "100")
		if r.Method == "HEAD" || status == 204 || status == 304 {
			resp.Body = http.NoBody
		}
		return resp, nil
	})))
	url, client := serve(t, d)
	for _, c := range []struct {
		method, status string
		length         int64
		body           int
	}{{"GET", "200", 100, 100}, {"HEAD", "200", 100, 0}, {"GET", "204", 0, 0}, {"GET", "304", -1, 0}, {"HEAD", "404", 100, 0}} {
		request, _ := http.NewRequest(c.method, url+"/?status="+c.status, nil)
		resp, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if body := read(t, resp); fmt.Sprint(resp.StatusCode) != c.status || len(body) != c.body || c.length >= 0 && resp.ContentLength != c.length {
			t.Errorf("%+v: %d, %d bytes, declared %d", c, resp.StatusCode, len(body), resp.ContentLength)
		}
	}
}

func TestStream_memory_does_not_grow_with_it(t *testing.T) {
	const size = 100 << 20
	var peak, before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || n != size {
			t.Errorf("the origin got %d bytes: %v", n, err)
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(io.LimitReader(zeros{}, size))}, nil
	}))
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) { return requestOf(cf), nil })
	d, _ := mustNew(t, config)
	url, client := serve(t, d)
	resp, err := client.Post(url, "application/octet-stream", io.LimitReader(zeros{}, size))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.Discard, resp.Body); n != size || err != nil {
		t.Errorf("the viewer got %d bytes: %v", n, err)
	}
	runtime.ReadMemStats(&peak)
	// The body is shown to a function, 1 MB of it, and in JSON; twice 100 MB pass.
	if grown := int64(peak.TotalAlloc - before.TotalAlloc); grown > 40<<20 {
		t.Errorf("%d MB were allocated for 200 MB that passed", grown>>20)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestDistribution_serves_many_at_once(t *testing.T) {
	config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		return &http.Response{StatusCode: 200, Header: http.Header{"X-Path": {r.URL.Path}}, Body: io.NopCloser(bytes.NewReader(body))}, err
	}))
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) { return requestOf(cf), nil })
	d, _ := mustNew(t, config)
	var group sync.WaitGroup
	for i := range 500 {
		group.Go(func() {
			text := fmt.Sprintf("/%d", i)
			resp := ask(t, d, "POST", text, text)
			if body := read(t, resp); body != text || resp.Header.Get("X-Path") != text {
				t.Errorf("%s got the answer of %s", text, body)
			}
		})
	}
	group.Wait()
}

// slow is a viewer that takes its time with every piece.
type slow struct{ *httptest.ResponseRecorder }

func (s slow) Write(p []byte) (int, error) {
	time.Sleep(time.Minute)
	return s.ResponseRecorder.Write(p)
}

func TestStream_time_that_a_slow_viewer_takes_is_not_the_origins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
			body := untilEnd{iotest.OneByteReader(strings.NewReader("abc")), r.Context()}
			return &http.Response{StatusCode: 200, Body: io.NopCloser(body)}, nil
		}))
		config.edit(func(o *Origin, _ *Behavior) { o.ReadTimeout = 30 * time.Second })
		d, _ := mustNew(t, config)
		r, w := newRequest("GET", "/")
		d.ServeHTTP(slow{w}, r)
		if body := w.Body.String(); body != "abc" {
			t.Errorf("%q", body)
		}
	})
}

// untilEnd reads until a context ends, as a connection does.
type untilEnd struct {
	io.Reader
	ctx context.Context
}

func (u untilEnd) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Reader.Read(p)
}

func TestCORS_without_override_adds_nothing_to_what_the_origin_sends(t *testing.T) {
	config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
		return answer(200, "", "Access-Control-Allow-Origin", "http://origin"), nil
	}))
	config.Default.ResponseHeadersPolicy = &ResponseHeadersPolicy{CORS: &CORS{AccessControlAllowOrigins: anything, AccessControlExposeHeaders: Items{[]string{"X-A"}}}}
	d, _ := mustNew(t, config)
	got := ask(t, d, "GET", "/", "", "Origin", "https://a").Header
	if got.Get("Access-Control-Allow-Origin") != "http://origin" || got.Get("Access-Control-Expose-Headers") != "" {
		t.Errorf("got %v", got)
	}
	preflight, _ := ManagedResponseHeadersPolicies["5cc3b908-e619-4b99-88e5-2cf7f45965bd"]
	config = testConfig(originFunc(func(*http.Request) (*http.Response, error) { return answer(200, ""), nil }))
	config.Default.ResponseHeadersPolicy = &preflight
	d, _ = mustNew(t, config)
	got = ask(t, d, "OPTIONS", "/", "", "Origin", "https://a", "Access-Control-Request-Method", "PUT").Header
	if got.Get("Access-Control-Allow-Methods") != "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT" || got.Get("Access-Control-Expose-Headers") != "*" {
		t.Errorf("CORS-With-Preflight added %v", got)
	}
}

// readyBody has its bytes at once.
type readyBody struct{ io.ReadCloser }

func (readyBody) Ready() bool { return true }

// flushes counts how often a response was flushed before its first byte.
type flushes struct {
	*httptest.ResponseRecorder

	early int
}

func (f *flushes) Flush() {
	if f.Body.Len() == 0 {
		f.early++
	}
}

func TestDistribution_sends_headers_with_a_first_byte_that_is_there(t *testing.T) {
	for ready, early := range map[bool]int{true: 0, false: 1} {
		d, _ := mustNew(t, testConfig(originFunc(func(*http.Request) (*http.Response, error) {
			resp := answer(http.StatusOK, "hello")
			if ready {
				resp.Body = readyBody{resp.Body}
			}
			return resp, nil
		})))
		w := &flushes{httptest.NewRecorder(), 0}
		d.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.early != early || w.Body.String() != "hello" {
			t.Errorf("ready %v: got %d flushes before the first byte of %q, want %d", ready, w.early, w.Body, early)
		}
	}
}

package cloudfront

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/cloudfurl/cloudfurl/internal/local/guard"
)

// Bodies that a function sees are read before the origin gets the request.
func TestDistribution_serves_requests_beside_bodies_that_stall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
			n, err := io.Copy(io.Discard, r.Body)
			if n == 1<<20 {
				<-release
			}
			return answer(http.StatusOK, "hello"), err
		}))
		config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) { return requestOf(cf), nil })
		d, _ := mustNew(t, config)
		serve := func(method string, body io.Reader, announced int64) int {
			r := httptest.NewRequest(method, "/", body)
			r.ContentLength = announced
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
			return w.Code
		}
		var viewers sync.WaitGroup
		var senders []*io.PipeWriter
		for range 100 {
			body, sender := io.Pipe()
			senders = append(senders, sender)
			viewers.Go(func() { serve(http.MethodPost, body, 6<<20) })
			viewers.Go(func() { io.WriteString(sender, "ten bytes.") })
			viewers.Go(func() { serve(http.MethodPost, strings.NewReader(strings.Repeat("x", 1<<20)), 1<<20) })
		}
		synctest.Wait() // all of them stall
		if got := serve(http.MethodGet, http.NoBody, 0); got != http.StatusOK {
			t.Errorf("a GET beside them got %d", got)
		}
		if got := serve(http.MethodPost, strings.NewReader(strings.Repeat("x", 500_000)), -1); got != http.StatusOK {
			t.Errorf("a POST beside them got %d", got)
		}
		close(release)
		for _, sender := range senders {
			sender.Close()
		}
		viewers.Wait()
	})
}

// A function sees the first megabyte, and whether there is more; the origin gets
// everything.
func TestLambdaEdge_sees_exactly_the_first_megabyte(t *testing.T) {
	for _, size := range []int{1<<20 - 1, 1 << 20, 1<<20 + 1, 3 << 20} {
		for _, chunked := range []bool{false, true} {
			sent := make([]byte, size)
			for i := range sent {
				sent[i] = byte(i ^ i>>8)
			}
			var shown map[string]any
			origin := &seen{}
			config := testConfig(origin)
			config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) {
				shown = requestOf(cf)["body"].(map[string]any)
				return requestOf(cf), nil
			})
			d, log := mustNew(t, config)
			r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(sent))
			if chunked {
				r.ContentLength = -1
			}
			d.ServeHTTP(httptest.NewRecorder(), r)
			cut := size > 1<<20
			data, err := decodeBody(shown["data"].(string), "base64")
			if err != nil || !bytes.Equal(data, sent[:min(size, 1<<20)]) || shown["inputTruncated"] != cut {
				t.Errorf("%d bytes, chunked %v: the function saw %d, truncated %v (%v)", size, chunked, len(data), shown["inputTruncated"], err)
			}
			if !bytes.Equal(origin.body, sent) {
				t.Errorf("%d bytes, chunked %v: the origin got %d: %s", size, chunked, len(origin.body), log)
			}
		}
	}
}

func TestDistribution_says_that_it_can_not_keep_a_body(t *testing.T) {
	t.Setenv(guard.TempVariable, t.TempDir()+"/missing")
	config := testConfig(&seen{})
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) { return requestOf(cf), nil })
	d, log := mustNew(t, config)
	synctest.Test(t, func(t *testing.T) {
		// Small ones need no room, and large ones have nowhere to go.
		statuses := make(chan int)
		var senders []*io.PipeWriter
		for i := range 100 {
			size := []int{1 << 10, 1<<20 - 1}[i%2]
			body, sender := io.Pipe()
			senders = append(senders, sender)
			go func() {
				r := httptest.NewRequest(http.MethodPost, "/", body)
				r.ContentLength = 1 << 20
				w := httptest.NewRecorder()
				d.ServeHTTP(w, r)
				statuses <- w.Code
			}()
			go sender.Write(make([]byte, size))
		}
		synctest.Wait()
		for _, sender := range senders {
			sender.Close()
		}
		count := map[int]int{}
		for range senders {
			count[<-statuses]++
		}
		if count[http.StatusServiceUnavailable] != 50 || count[http.StatusOK] != 50 {
			t.Errorf("got %v", count)
		}
	})
	if !strings.Contains(log.String(), "can't keep the body of a request in") || !strings.Contains(log.String(), "free some space there") {
		t.Errorf("the log doesn't say why: %s", log)
	}
}

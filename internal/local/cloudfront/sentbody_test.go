package cloudfront

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// upload sends a body in pieces, a pause before each of them.
func upload(d http.Handler, pause time.Duration, pieces ...string) *http.Response {
	r, w := io.Pipe()
	var sending sync.WaitGroup
	defer sending.Wait()
	sending.Go(func() {
		for _, piece := range pieces {
			time.Sleep(pause)
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
		}
		w.Close()
	})
	defer r.Close()
	request := httptest.NewRequest("POST", "/", r)
	recorder := httptest.NewRecorder()
	d.ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestUpload_may_be_slower_than_the_response_timeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			if err := errors.Join(err, r.Context().Err()); err != nil {
				return nil, err
			}
			return answer(http.StatusOK, string(body)), nil
		}))
		config.edit(func(o *Origin, _ *Behavior) { o.ReadTimeout = 30 * time.Second })
		d, log := mustNew(t, config)
		resp := upload(d, 31*time.Second, "first ", "second")
		if body := read(t, resp); resp.StatusCode != http.StatusOK || body != "first second" {
			t.Errorf("%d %q: %s", resp.StatusCode, body, log)
		}
	})
}

func TestOrigin_that_is_silent_after_an_upload_is_504(t *testing.T) {
	for name, take := range map[string]func(io.Reader){
		"after all of it":  func(body io.Reader) { io.Copy(io.Discard, body) },
		"after part of it": func(body io.Reader) { io.ReadFull(body, make([]byte, 2)) },
		"before it":        func(io.Reader) {},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var count atomic.Int32
				config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
					count.Add(1)
					take(r.Body)
					<-r.Context().Done()
					return nil, r.Context().Err()
				}))
				config.edit(func(o *Origin, _ *Behavior) { o.ReadTimeout, o.ConnectionAttempts = 20*time.Second, 1 })
				d, log := mustNew(t, config)
				resp := upload(d, time.Minute, "first ", "second")
				if resp.StatusCode != http.StatusGatewayTimeout || count.Load() != 1 || !strings.Contains(log.String(), "response timeout of 20s") {
					t.Errorf("%d after %d attempts: %s", resp.StatusCode, count.Load(), log)
				}
			})
		})
	}
}

func TestUpload_that_goes_on_after_the_answer_starts_no_response_timeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		watch := newWatch(cancel, &Origin{ReadTimeout: time.Second})
		defer watch.stop()
		body := &sentBody{ReadCloser: io.NopCloser(strings.NewReader("rest")), watch: watch}
		body.answered()
		if got, err := io.ReadAll(body); string(got) != "rest" || err != nil {
			t.Errorf("%q %v", got, err)
		}
		time.Sleep(time.Minute)
		if cause := context.Cause(ctx); cause != nil {
			t.Errorf("the request has ended: %v", cause)
		}
	})
}

package cloudfront

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/server"
)

func TestBodies_under_way_are_bounded(t *testing.T) {
	var held, most atomic.Int64
	release := make(chan struct{})
	config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
		n := held.Add(r.ContentLength)
		defer held.Add(-r.ContentLength)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		<-release
		return answer(200, ""), nil
	}))
	d, _ := mustNew(t, config)
	const size = 4 << 20
	body := strings.Repeat("b", size)
	var group sync.WaitGroup
	for range 2 * server.MaxBodies / size {
		group.Go(func() {
			if got := ask(t, d, "POST", "/", body).StatusCode; got != 200 {
				t.Errorf("%d", got)
			}
		})
	}
	eventually(t, "the bound is reached", func() bool { return held.Load() == server.MaxBodies })
	close(release)
	group.Wait()
	if got := most.Load(); got > server.MaxBodies {
		t.Errorf("%d bytes were under way, want at most %d", got, server.MaxBodies)
	}
}

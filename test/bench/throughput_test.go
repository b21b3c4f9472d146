package bench

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// batch is how many requests one round sends each way.
const batch = 256

// BenchmarkThroughput tells how many requests a second the whole chain answers,
// against the same handler as one ordinary server behind a plain reverse proxy.
// Behind the edge there are as many handler and edge function processes as
// requests at once, because a Lambda environment serves one at a time.
func BenchmarkThroughput(b *testing.B) {
	inspect := request{method: http.MethodGet, path: "/inspect"}
	for _, concurrency := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("concurrency=%d", concurrency), func(b *testing.B) {
			bare := startHandler(b, made(b, demo))
			defer bare.stop(b)
			proxy := startReverseProxy(b, bare)
			defer proxy.stop(b)
			edge := startEdge(b, made(b, demoAssembly))
			defer edge.stop(b)
			// The first batches start the processes.
			for range 2 {
				inspect.flood(b, proxy, concurrency)
				inspect.flood(b, edge, concurrency)
			}
			var proxyRate, edgeRate sample
			for b.Loop() {
				proxyRate = append(proxyRate, batch/inspect.flood(b, proxy, concurrency).Seconds())
				edgeRate = append(edgeRate, batch/inspect.flood(b, edge, concurrency).Seconds())
			}
			report(b, map[string]float64{
				"proxy-req/s": proxyRate.median(),
				"edge-req/s":  edgeRate.median(),
				"edge/proxy":  edgeRate.over(proxyRate).median(),
			})
		})
	}
}

// flood sends a batch of the request, so many at once, and returns how long it
// took.
func (r request) flood(b *testing.B, to *process, concurrency int) time.Duration {
	b.Helper()
	var senders errgroup.Group
	senders.SetLimit(concurrency)
	begin := time.Now()
	for range batch {
		senders.Go(func() error {
			_, _, err := r.send(to)
			return err
		})
	}
	if err := senders.Wait(); err != nil {
		b.Fatalf("%v\n%s", err, to.lines())
	}
	return time.Since(begin)
}

package bench

import (
	"crypto/rand"
	"net/http"
	"testing"
)

// warmRequests go ahead of those that count.
const warmRequests = 20

// BenchmarkFirstByte tells what the local edge adds to the first byte of an
// answer, over the same handler as an ordinary server. The budget of added-ms
// is 3 for GET and 6 for POST.
func BenchmarkFirstByte(b *testing.B) {
	body := make([]byte, 10<<10)
	rand.Read(body)
	for _, kind := range []struct {
		name    string
		request request
	}{
		{"GET", request{method: http.MethodGet, path: "/inspect"}},
		{"POST_10KB", request{method: http.MethodPost, path: "/echo", body: body, want: int64(len(body))}},
	} {
		b.Run(kind.name, func(b *testing.B) {
			bare := startHandler(b, made(b, demo))
			defer bare.stop(b)
			edge := startEdge(b, made(b, demoAssembly))
			defer edge.stop(b)
			for range warmRequests {
				kind.request.ask(b, bare)
				kind.request.ask(b, edge)
			}
			var bareTimes, edgeTimes sample
			for b.Loop() {
				first, _ := kind.request.ask(b, bare)
				bareTimes.add(first)
				first, _ = kind.request.ask(b, edge)
				edgeTimes.add(first)
			}
			report(b, map[string]float64{
				"bare-ms":  bareTimes.median(),
				"edge-ms":  edgeTimes.median(),
				"added-ms": edgeTimes.less(bareTimes).median(),
			})
		})
	}
}

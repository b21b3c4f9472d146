package bench

import (
	"net/http"
	"testing"
	"time"
)

// BenchmarkReady tells how long "cloudfurl local" takes on an assembly that is
// there, from the start of its process until it says what it serves, and until
// it has answered the first request, which meets handlers that are starting.
// The budget of ready-ms is 1000.
func BenchmarkReady(b *testing.B) {
	assembly := made(b, demoAssembly)
	made(b, command)
	inspect := request{method: http.MethodGet, path: "/inspect"}
	var ready, answered sample
	for b.Loop() {
		begin := time.Now()
		edge := startEdge(b, assembly)
		inspect.ask(b, edge)
		answered.add(time.Since(begin))
		ready.add(edge.Ready)
		edge.stop(b)
	}
	report(b, map[string]float64{
		"ready-ms":        ready.median(),
		"first-answer-ms": answered.median(),
	})
}

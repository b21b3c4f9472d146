package bench

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// settle is how long the edge may rest before its idle memory is read.
const settle = 300 * time.Millisecond

// BenchmarkStream tells how fast a stream begins and flows through the local
// edge, and how much memory the edge has for it at its peak, over what it has
// when it has answered one small request. The budget of MB-over-idle is 64 for
// 200 MB, and it must not grow with the size.
func BenchmarkStream(b *testing.B) {
	for _, megabytes := range []int64{1, 20, 200} {
		b.Run(fmt.Sprintf("%dMB", megabytes), func(b *testing.B) {
			bare := startHandler(b, made(b, streamer))
			defer bare.stop(b)
			edge := startEdge(b, made(b, streamerAssembly))
			defer edge.stop(b)
			small := request{method: http.MethodGet, path: "/?bytes=1", want: 1}
			small.ask(b, bare)
			small.ask(b, edge)
			time.Sleep(settle)
			idle := edge.memory(b, "VmRSS")

			size := megabytes << 20
			large := request{method: http.MethodGet, path: fmt.Sprintf("/?bytes=%d", size), want: size}
			var bareFirst, bareWhole, edgeFirst, edgeWhole, peak sample
			for b.Loop() {
				first, whole := large.ask(b, bare)
				bareFirst.add(first)
				bareWhole.add(whole)
				edge.resetPeak(b)
				first, whole = large.ask(b, edge)
				edgeFirst.add(first)
				edgeWhole.add(whole)
				peak = append(peak, edge.memory(b, "VmHWM"))
			}
			report(b, map[string]float64{
				"MB-idle":        idle,
				"MB-over-idle":   peak.most() - idle,
				"bare-first-ms":  bareFirst.median(),
				"edge-first-ms":  edgeFirst.median(),
				"added-first-ms": edgeFirst.less(bareFirst).median(),
				"bare-MB/s":      float64(megabytes) / bareWhole.median() * 1000,
				"edge-MB/s":      float64(megabytes) / edgeWhole.median() * 1000,
			})
		})
	}
}

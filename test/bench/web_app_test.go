package bench

import (
	"net/http"
	"testing"
	"time"
)

// sizeOfEvents is the length of 20 events, "data: 0\n\n" to "data: 19\n\n".
const sizeOfEvents = 10*len("data: 0\n\n") + 10*len("data: 10\n\n")

var (
	hello  = request{method: http.MethodGet, path: "/", want: int64(len("hello\n"))}
	events = request{method: http.MethodGet, path: "/events", want: int64(sizeOfEvents)}
)

// BenchmarkWebApp compares the same web app as a Go handler, in Flask by gunicorn
// and in FastAPI by uvicorn, side by side on the local edge. Those in Python run
// behind AWS's adapter if bin/adapter has it, else behind the stand-in: the name of
// the sub-benchmark says which.
func BenchmarkWebApp(b *testing.B) {
	apps := webApps(b)
	b.Run("cold/"+adapterName(), func(b *testing.B) { benchmarkCold(b, apps) })
	b.Run("GET/"+adapterName(), func(b *testing.B) { benchmarkWarm(b, apps, hello) })
	b.Run("SSE/"+adapterName(), func(b *testing.B) { benchmarkWarm(b, apps, events) })
	b.Run("size/"+adapterName(), func(b *testing.B) { benchmarkSize(b, apps) })
}

// benchmarkCold tells how long it takes from the start of "cloudfurl local", which
// starts an environment ahead of requests, to the first byte of the first response.
func benchmarkCold(b *testing.B, apps []webApp) {
	first := map[string]*sample{}
	for b.Loop() {
		for _, app := range apps {
			begin := time.Now()
			edge := app.serve(b)
			hello.ask(b, edge)
			add(first, app.name+"-ms", time.Since(begin))
			edge.stop(b)
		}
	}
	report(b, medians(first))
}

// benchmarkWarm tells what a request's first byte takes, bare and through the edge.
// The budget of fastapi-added-ms is 10.
func benchmarkWarm(b *testing.B, apps []webApp, asked request) {
	var bare, edge []*process
	for _, app := range apps {
		bare, edge = append(bare, app.start(b)), append(edge, app.serve(b))
		defer bare[len(bare)-1].stop(b)
		defer edge[len(edge)-1].stop(b)
	}
	round := func(first map[string]*sample) {
		for i, app := range apps {
			alone, _ := asked.ask(b, bare[i])
			through, _ := asked.ask(b, edge[i])
			add(first, app.name+"-bare-ms", alone)
			add(first, app.name+"-edge-ms", through)
			add(first, app.name+"-added-ms", through-alone)
		}
	}
	for range warmRequests {
		round(map[string]*sample{})
	}
	first := map[string]*sample{}
	for b.Loop() {
		round(first)
	}
	report(b, medians(first))
}

// benchmarkSize tells how large the zipped code is, and how much memory an
// environment has after both kinds of request, the real adapter included.
func benchmarkSize(b *testing.B, apps []webApp) {
	figures := map[string]float64{}
	for b.Loop() {
		for _, app := range apps {
			edge := app.serve(b)
			hello.ask(b, edge)
			events.ask(b, edge)
			figures[app.name+"-MB"] = edge.memoryOfChildren(b)
			figures[app.name+"-zip-MB"] = app.zipped(b)
			edge.stop(b)
		}
	}
	report(b, figures)
}

func add(samples map[string]*sample, name string, d time.Duration) {
	if samples[name] == nil {
		samples[name] = new(sample)
	}
	samples[name].add(d)
}

func medians(samples map[string]*sample) map[string]float64 {
	figures := map[string]float64{}
	for name, values := range samples {
		figures[name] = values.median()
	}
	return figures
}

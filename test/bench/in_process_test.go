package bench

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// BenchmarkInProcess has the edge answer without a viewer or a socket before
// it, to be read with a profile:
//
//	go test -run '^$' -bench InProcess/GET -cpuprofile cpu.out ./test/bench
func BenchmarkInProcess(b *testing.B) {
	body := make([]byte, 10<<10)
	rand.Read(body)
	for _, kind := range []struct {
		name, method, path string
		body               []byte
		traces             *trace.Log
	}{
		{"GET", http.MethodGet, "/inspect", nil, trace.NewLog(0)},
		{"GET_traced", http.MethodGet, "/inspect", nil, trace.NewLog(300)},
		{"POST_10KB", http.MethodPost, "/echo", body, trace.NewLog(0)},
		{"POST_10KB_traced", http.MethodPost, "/echo", body, trace.NewLog(300)},
	} {
		b.Run(kind.name, func(b *testing.B) {
			edge, err := local.Source{Assembly: made(b, demoAssembly)}.Open(build.Options{Traces: kind.traces}, slog.New(slog.DiscardHandler))
			if err != nil {
				b.Fatal(err)
			}
			defer edge.Close()
			edge.Warm(b.Context())
			b.ReportAllocs()
			for b.Loop() {
				answer := httptest.NewRecorder()
				asked := httptest.NewRequest(kind.method, kind.path, bytes.NewReader(kind.body))
				asked.Host = "localhost"
				edge.ServeHTTP(answer, asked)
				if answer.Code != http.StatusOK {
					b.Fatalf("got %d %s, want 200", answer.Code, answer.Body)
				}
			}
		})
	}
}

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
	}{
		{"GET", http.MethodGet, "/inspect", nil},
		{"POST_10KB", http.MethodPost, "/echo", body},
	} {
		b.Run(kind.name, func(b *testing.B) {
			edge, err := local.Source{Assembly: made(b, demoAssembly)}.Open(build.Options{}, slog.New(slog.DiscardHandler))
			if err != nil {
				b.Fatal(err)
			}
			defer edge.Close()
			edge.Warm(b.Context())
			b.ReportAllocs()
			for b.Loop() {
				answer := httptest.NewRecorder()
				edge.ServeHTTP(answer, httptest.NewRequest(kind.method, kind.path, bytes.NewReader(kind.body)))
				if answer.Code != http.StatusOK {
					b.Fatalf("got %d %s, want 200", answer.Code, answer.Body)
				}
			}
		})
	}
}

package streamhttp

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdaurl"
)

func BenchmarkWrap_1KB(b *testing.B) {
	body := bytes.Repeat([]byte("x"), 1<<10)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(body) })
	event := readEvent(b, "cloudfront_get")
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}
	})
	b.Run("streamhttp", func(b *testing.B) {
		b.ReportAllocs()
		wrapped := Wrap(handler)
		for b.Loop() {
			response, err := wrapped(context.Background(), event)
			if err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, response)
			response.Close()
		}
	})
	b.Run("lambdaurl", func(b *testing.B) {
		b.ReportAllocs()
		wrapped := lambdaurl.Wrap(handler)
		for b.Loop() {
			response, err := wrapped(context.Background(), event)
			if err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, response)
			response.Close()
		}
	})
}

func BenchmarkWrap_10MB_stream(b *testing.B) {
	const size, chunk = 10 << 20, 32 << 10
	data := make([]byte, chunk)
	wrapped := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range size / chunk {
			w.Write(data)
		}
	}))
	event := readEvent(b, "cloudfront_get")
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		response, err := wrapped(context.Background(), event)
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, response.Body); n != size || err != nil {
			b.Fatalf("%d bytes (%v), want %d", n, err, size)
		}
		response.Close()
	}
}

// The budget is 20 ms from the start of the process until it asks for its first
// event.
func BenchmarkStart_to_first_next(b *testing.B) {
	api := newRuntimeAPI(b)
	path, environment := build(b, "../demo"), lambdaEnvironment(api)
	var total time.Duration
	for b.Loop() {
		command := exec.Command(path)
		command.Env = environment
		began := time.Now()
		if err := command.Start(); err != nil {
			b.Fatal(err)
		}
		total += (<-api.asked).Sub(began)
		command.Process.Kill()
		command.Wait()
	}
	b.ReportMetric(float64(total.Microseconds())/1000/float64(b.N), "ms/first-next")
}

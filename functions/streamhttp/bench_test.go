package streamhttp

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdaurl"

	"github.com/cloudfurl/cloudfurl/functions/sse"
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

func BenchmarkStream_10MB(b *testing.B) {
	const size, chunk = 10 << 20, 32 << 10
	data := make([]byte, chunk)
	streams(b, func(w http.ResponseWriter, r *http.Request) {
		for range size / chunk {
			w.Write(data)
		}
	}, func(b *testing.B, body io.Reader) {
		b.SetBytes(size)
		if n, err := io.Copy(io.Discard, body); n != size || err != nil {
			b.Fatalf("%d bytes (%v), want %d", n, err, size)
		}
	})
}

// Each stream has 1,000 events of a token each. lambdaurl can't flush, so it gets
// the same bytes without the Writer of package sse.
func BenchmarkStream_1000_events(b *testing.B) {
	const count = 1000
	event := sse.Event{ID: "1", Name: "token", Data: "Hello, world"}
	writer := func(w http.ResponseWriter, r *http.Request) {
		events := sse.NewWriter(w, r, nil)
		defer events.Close()
		for range count {
			events.Send(event)
		}
	}
	bytes := []byte("id: 1\nevent: token\ndata: Hello, world\n\n")
	bare := func(w http.ResponseWriter, r *http.Request) {
		flusher, _ := w.(http.Flusher)
		for range count {
			w.Write(bytes)
			if flusher != nil {
				flusher.Flush()
			}
		}
	}
	read := func(b *testing.B, body io.Reader) {
		if n, err := io.Copy(io.Discard, body); n != int64(count*len(bytes)) || err != nil {
			b.Fatalf("%d bytes (%v), want %d", n, err, count*len(bytes))
		}
	}
	b.Run("sse", func(b *testing.B) { streams(b, writer, read, "lambdaurl") })
	b.Run("bare", func(b *testing.B) { streams(b, bare, read) })
}

// streams runs a handler in streamhttp, lambdaurl and an ordinary server, unless
// they are left out. The first two don't include a connection to Lambda.
func streams(b *testing.B, handler http.HandlerFunc, read func(*testing.B, io.Reader), without ...string) {
	event := readEvent(b, "cloudfront_get")
	for _, adapter := range []struct {
		name string
		wrap func(http.Handler) lambdaHandler
	}{{"streamhttp", Wrap}, {"lambdaurl", lambdaurl.Wrap}} {
		if slices.Contains(without, adapter.name) {
			continue
		}
		b.Run(adapter.name, func(b *testing.B) {
			wrapped := adapter.wrap(handler)
			b.ReportAllocs()
			for b.Loop() {
				response, err := wrapped(context.Background(), event)
				if err != nil {
					b.Fatal(err)
				}
				read(b, response.Body)
				response.Close()
			}
		})
	}
	b.Run("net-http", func(b *testing.B) {
		server := httptest.NewServer(handler)
		defer server.Close()
		b.ReportAllocs()
		for b.Loop() {
			response, err := server.Client().Get(server.URL)
			if err != nil {
				b.Fatal(err)
			}
			read(b, response.Body)
			response.Body.Close()
		}
	})
}

type lambdaHandler = func(context.Context, *events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error)

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

package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"testing"
)

func benchmarkFunction(b *testing.B, config Config) *Function {
	b.Helper()
	f, err := New(config, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	if err := f.Start(context.Background()); err != nil {
		b.Fatal(err)
	}
	return f
}

func benchmarkInvoke(b *testing.B, f *Function, event []byte, want int64) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		response, err := f.Invoke(context.Background(), JSON(event), InvokeOptions{})
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if err != nil || n != want {
			b.Fatalf("%d bytes, %v", n, err)
		}
	}
}

func echoEvent(size int) []byte {
	event, _ := json.Marshal(map[string]string{"do": "echo", "text": string(make([]byte, 0, size)) + fmt.Sprintf("%0*d", size, 0)})
	return event
}

func BenchmarkInvoke_warm(b *testing.B) {
	benchmarkInvoke(b, benchmarkFunction(b, custom(nil)), echoEvent(5), 5)
}

func BenchmarkInvoke_10KB(b *testing.B) {
	benchmarkInvoke(b, benchmarkFunction(b, custom(nil)), echoEvent(10<<10), 10<<10)
}

func BenchmarkInvoke_stream_20MB(b *testing.B) {
	const size = 20 << 20
	f := benchmarkFunction(b, custom(nil))
	b.SetBytes(size)
	benchmarkInvoke(b, f, fmt.Appendf(nil, `{"do":"big","size":%d}`, size), size)
}

func BenchmarkInvoke_node_warm(b *testing.B) {
	dir := code(b, map[string]string{"index.js": `exports.handler = async (event) => 'hello';`})
	benchmarkInvoke(b, benchmarkFunction(b, managed("nodejs20.x", "index.handler", dir)), []byte(`{}`), 7)
}

func BenchmarkInvoke_python_warm(b *testing.B) {
	dir := code(b, map[string]string{"index.py": "def handler(event, context):\n    return 'hello'\n"})
	benchmarkInvoke(b, benchmarkFunction(b, managed("python3.11", "index.handler", dir)), []byte(`{}`), 7)
}

func benchmarkStart(b *testing.B, config Config) {
	b.Helper()
	for b.Loop() {
		f, err := New(config, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		if err := f.Start(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		f.Close()
		b.StartTimer()
	}
}

func BenchmarkStart(b *testing.B) {
	benchmarkStart(b, custom(nil))
}

func BenchmarkStart_node(b *testing.B) {
	dir := code(b, map[string]string{"index.js": `exports.handler = async () => 'hello';`})
	benchmarkStart(b, managed("nodejs20.x", "index.handler", dir))
}

package sse

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// The budget is one allocation per event.
func BenchmarkWriter(b *testing.B) {
	value := &struct {
		Text string `json:"text"`
	}{"Hello, world"}
	for name, send := range map[string]func(*Writer) error{
		"Send":     func(w *Writer) error { return w.Send(Event{ID: "17", Name: "token", Data: "Hello, world"}) },
		"lines":    func(w *Writer) error { return w.Send(Event{Data: "one\ntwo\r\nthree"}) },
		"SendJSON": func(w *Writer) error { return w.SendJSON(Event{ID: "17", Name: "token"}, value) },
	} {
		b.Run(name, func(b *testing.B) {
			w := NewWriter(discard{}, httptest.NewRequest("GET", "/", nil), nil)
			defer w.Close()
			b.ReportAllocs()
			for b.Loop() {
				if err := send(w); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// discard is a response that nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Flush()                      {}

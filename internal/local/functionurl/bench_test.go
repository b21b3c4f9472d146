package functionurl

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
)

func benchmarkRoundTrip(b *testing.B, method, body string, function invoke) {
	u, log := newURL(b, function, nil)
	b.ReportAllocs()
	req := signed(b, edge, newRequest(b, method, "/path?a=1", body), body)
	for b.Loop() {
		req.Body = io.NopCloser(strings.NewReader(body))
		resp, err := u.RoundTrip(req)
		if err != nil || resp.StatusCode != 200 {
			b.Fatal(resp, err, log)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

func BenchmarkRoundTrip_GET(b *testing.B) {
	benchmarkRoundTrip(b, http.MethodGet, "", streams(ok))
}

func BenchmarkRoundTrip_POST_10KB(b *testing.B) {
	benchmarkRoundTrip(b, http.MethodPost, strings.Repeat("x", 10<<10), streams(ok))
}

func BenchmarkRoundTrip_stream_20MB(b *testing.B) {
	const size = 20 << 20
	b.SetBytes(size)
	benchmarkRoundTrip(b, http.MethodGet, "", func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
		return &lambda.Response{ContentType: payload.ContentTypeIntegration, Body: io.NopCloser(io.MultiReader(strings.NewReader(binary), io.LimitReader(zeros{}, size)))}, nil
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

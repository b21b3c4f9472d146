package cloudfront

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

// unchanged is a Lambda@Edge function that costs next to nothing: it hands the
// request back without parsing it.
func unchanged(_ context.Context, document *spool.Document) ([]byte, error) {
	defer document.Close()
	var event bytes.Buffer
	document.WriteTo(&event)
	var e struct {
		Records []struct {
			CF struct{ Request json.RawMessage }
		}
	}
	if err := json.Unmarshal(event.Bytes(), &e); err != nil {
		return nil, err
	}
	return e.Records[0].CF.Request, nil
}

func benchDistribution(b *testing.B, size int64) *Distribution {
	b.Helper()
	config := testConfig(originFunc(func(r *http.Request) (*http.Response, error) {
		io.Copy(io.Discard, r.Body)
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/plain"}},
			Body: io.NopCloser(io.LimitReader(zeros{}, size)),
		}, nil
	}))
	config.edit(func(o *Origin, behavior *Behavior) {
		o.OAC = &OAC{SigningBehavior: "always", SigningProtocol: "sigv4", OriginType: "lambda", Region: "ap-northeast-1"}
		behavior.ViewerRequest = viewerFunction(b, "return event.request")
		behavior.Edge = map[EventType]EdgeAssociation{OriginRequest: {Function: unchanged, IncludeBody: true}}
	})
	d, err := New(config, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func benchRequests(b *testing.B, method string, sent []byte, size int64) {
	d := benchDistribution(b, size)
	b.SetBytes(int64(len(sent)) + size)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(method, "/path?query=1", bytes.NewReader(sent))
		r.Header = http.Header{"User-Agent": {"curl/8"}, "Accept": {"*/*"}, "Accept-Encoding": {"gzip"}, "Cookie": {"a=1; b=2"}}
		d.ServeHTTP(&discard{header: http.Header{}}, r)
	}
}

// discard is a viewer that takes everything.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Flush()                      {}

// BenchmarkGET is what a GET costs in this package, functions and signature aside.
func BenchmarkGET(b *testing.B) { benchRequests(b, "GET", nil, 5) }

// BenchmarkPOST10KB is what a POST of 10 KB costs, its body shown to a function.
func BenchmarkPOST10KB(b *testing.B) { benchRequests(b, "POST", make([]byte, 10<<10), 5) }

// BenchmarkPOST1MB is the largest body that a function is shown whole.
func BenchmarkPOST1MB(b *testing.B) { benchRequests(b, "POST", make([]byte, 1<<20), 5) }

// BenchmarkStream20MB is an answer that streams.
func BenchmarkStream20MB(b *testing.B) { benchRequests(b, "GET", nil, 20<<20) }

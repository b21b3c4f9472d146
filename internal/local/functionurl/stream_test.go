package functionurl

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

const binary = `{"headers":{"content-type":"application/octet-stream"}}` + nuls

func TestURL_ends_broken_stream_as_a_complete_200_and_logs_it(t *testing.T) {
	for name, function := range map[string]invoke{
		"with a prelude": breaks(binary+"half", payload.ContentTypeIntegration),
		"plain":          breaks("half", "text/plain"),
	} {
		u, log := newURL(t, function, nil)
		recorded := new(trace.Trace)
		req := newRequest(t, http.MethodGet, "/", "")
		resp, body := roundTrip(t, u, signed(t, edge, req.WithContext(trace.NewContext(req.Context(), recorded)), ""))
		if got := recorded.Summary().Cause; !strings.HasPrefix(got, "the stream broke after 4 bytes, and the viewer saw a complete 200: ") {
			t.Errorf("%s: the trace has the cause %q", name, got)
		}
		if resp.StatusCode != 200 || body != "half" {
			t.Errorf("%s: got %d %q", name, resp.StatusCode, body)
		}
		if !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "stream broke after 4 bytes, and the viewer saw a complete 200") {
			t.Errorf("%s: log %s", name, log)
		}
	}
}

func TestURL_passes_each_chunk_before_the_next_is_written(t *testing.T) {
	r, w := io.Pipe()
	u, _ := newURL(t, invoke(func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
		return &lambda.Response{ContentType: payload.ContentTypeIntegration, Body: r}, nil
	}), nil)
	go io.WriteString(w, `{"statusCode":200}`+nuls)
	resp, err := u.RoundTrip(signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 16)
	for _, chunk := range []string{"one", "two"} {
		go io.WriteString(w, chunk)
		if n, err := resp.Body.Read(buf); err != nil || string(buf[:n]) != chunk {
			t.Fatalf("got %q, %v", buf[:n], err)
		}
	}
	resp.Body.Close()
	if _, err := io.WriteString(w, "nobody listens"); err == nil {
		t.Error("closing the response did not close the function's answer")
	}
}

func TestURL_delivers_a_response_without_prelude_verbatim(t *testing.T) {
	const envelope = `{"statusCode":404,"body":"x"}`
	for contentType, want := range map[string]string{"application/json": "application/json", "": "application/octet-stream"} {
		u, _ := newURL(t, invoke(func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
			return &lambda.Response{ContentType: contentType, Body: io.NopCloser(iotest.OneByteReader(strings.NewReader(envelope)))}, nil
		}), nil)
		resp, body := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
		if resp.StatusCode != 200 || body != envelope || resp.Header.Get("Content-Type") != want {
			t.Errorf("got %d %q %v", resp.StatusCode, body, resp.Header)
		}
	}
}

func TestURL_ends_responses_without_a_body(t *testing.T) {
	tests := []struct {
		method, content string
		status          int
		length          int64
	}{
		{http.MethodGet, `{"statusCode":204}` + nuls, 204, 0},
		{http.MethodGet, `{"statusCode":304}` + nuls + "must not be shown", 304, 0},
		{http.MethodGet, `{"statusCode":302,"headers":{"location":"/x"}}` + nuls, 302, -1},
		{http.MethodHead, `{"statusCode":200}` + nuls + "must not be shown", 200, -1},
	}
	for _, test := range tests {
		u, _ := newURL(t, streams(test.content), nil)
		resp, body := roundTrip(t, u, signed(t, edge, newRequest(t, test.method, "/", ""), ""))
		if resp.StatusCode != test.status || body != "" || resp.ContentLength != test.length {
			t.Errorf("%s %d: got %d %q, length %d", test.method, test.status, resp.StatusCode, body, resp.ContentLength)
		}
	}
}

// AWS's runtime client for Rust writes repeated headers so.
func TestURL_returns_the_values_of_a_header_that_is_an_array(t *testing.T) {
	for mode, function := range map[string]invoke{
		InvokeModeResponseStream: streams(`{"headers":{"Link":["<a>","<b>"],"x-one":["1"],"x-none":[],"x-mixed":[1,null]}}` + nuls),
		InvokeModeBuffered:       buffers(`{"statusCode":200,"headers":{"Link":["<a>","<b>"],"x-one":["1"],"x-none":[],"x-mixed":[1,null]}}`),
	} {
		u, log := newURL(t, function, func(c *Config) { c.InvokeMode = mode })
		resp, _ := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
		if h := resp.Header; resp.StatusCode != 200 || strings.Join(h["Link"], "|") != "<a>|<b>" || h.Get("X-One") != "1" || len(h["X-None"]) > 0 || strings.Join(h["X-Mixed"], "|") != "1" {
			t.Errorf("%s: got %d %v, log %s", mode, resp.StatusCode, h, log)
		}
	}
	u, _ := newURL(t, streams(`{"headers":{"a":[["b"]]}}`+nuls), nil)
	if resp, _ := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), "")); resp.StatusCode != 502 {
		t.Errorf("an array in an array: %d", resp.StatusCode)
	}
}

func TestURL_handles_response_headers_as_Lambda_does(t *testing.T) {
	u, log := newURL(t, streams(`{"headers":{"Content-Length":"999","WWW-Authenticate":"Basic","Date":"d","Transfer-Encoding":"chunked",
		"Content-Encoding":"gzip","X-Number":7,"X-Null":null,"X-Amzn-RequestId":"spoofed"}}`+nuls+"x"), nil)
	resp, _ := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
	for name, want := range map[string]string{
		"Content-Length": "", "x-amzn-remapped-content-length": "999", "WWW-Authenticate": "", "x-amzn-remapped-www-authenticate": "Basic",
		"Date": "", "x-amzn-remapped-date": "d", "Transfer-Encoding": "", "Content-Encoding": "", "X-Number": "7", "X-Null": "",
		"Content-Type": "application/octet-stream",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if resp.Header.Get("X-Amzn-Requestid") == "spoofed" || !strings.Contains(log.String(), "lost its Content-Encoding") {
		t.Errorf("headers %v, log %s", resp.Header, log)
	}
}

func TestURL_cuts_streams_at_200_MB(t *testing.T) {
	for _, test := range []struct {
		size int
		logs bool
	}{{100, false}, {101, true}} {
		u, log := newURL(t, streams(binary+strings.Repeat("x", test.size)), nil)
		u.limits.stream = 100
		_, body := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
		if len(body) != 100 || strings.Contains(log.String(), "limit of 200 MB") != test.logs {
			t.Errorf("%d bytes: got %d, log %s", test.size, len(body), log)
		}
	}
}

func TestURL_throttles_after_the_free_bytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const free, rate, over = 1 << 20, 64 << 10, 80 << 10
		u, _ := newURL(t, streams(binary+strings.Repeat("x", free+over)), func(c *Config) { c.Throttle = true })
		u.limits.free, u.limits.rate = free, rate
		start := time.Now()
		_, body := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
		// 80 KB over the free ones, 64 of them in the limiter's first burst.
		if took := time.Since(start); len(body) != free+over || took != 250*time.Millisecond {
			t.Errorf("%d bytes in %v, want 0.25 s", len(body), took)
		}
	})
}

func TestURL_returns_the_error_of_its_context(t *testing.T) {
	ctx, leave := context.WithCancel(context.Background())
	r, w := io.Pipe()
	u, log := newURL(t, invoke(func(ctx context.Context, _ []byte, _ lambda.InvokeOptions) (*lambda.Response, error) {
		context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
		return &lambda.Response{ContentType: payload.ContentTypeIntegration, Body: r}, nil
	}), nil)
	go io.WriteString(w, `{"statusCode":200}`+nuls)
	resp, err := u.RoundTrip(signed(t, edge, newRequest(t, http.MethodGet, "/", "").WithContext(ctx), ""))
	if err != nil {
		t.Fatal(err)
	}
	leave()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	resp.Body.Close()
	if _, err := u.RoundTrip(signed(t, edge, newRequest(t, http.MethodGet, "/", "").WithContext(ctx), "")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	if log.Len() > 0 {
		t.Errorf("a viewer that left is no fault: %s", log)
	}
}

func FuzzPrelude(f *testing.F) {
	f.Add([]byte(`{"statusCode":200,"headers":{"a":"b"},"cookies":["c"]}`+nuls+"body"), 1)
	f.Add([]byte("{}"+nuls), 3)
	f.Add([]byte("\x00\x00"), 7)
	f.Fuzz(func(t *testing.T, data []byte, step int) {
		whole, rest, err := readPrelude(strings.NewReader(string(data)), 512)
		if step < 1 || step > 1<<10 {
			step = 1
		}
		pieces, restOfPieces, errOfPieces := readPrelude(&chunked{data, step}, 512)
		if (err == nil) != (errOfPieces == nil) {
			t.Fatalf("whole: %v, in pieces of %d: %v", err, step, errOfPieces)
		}
		if err != nil {
			return
		}
		if whole.Status != pieces.Status || len(whole.Header) != len(pieces.Header) || !strings.HasPrefix(string(rest), string(restOfPieces)) {
			t.Errorf("whole %+v, in pieces %+v", whole, pieces)
		}
		if whole.Status < 200 || whole.Status > 599 {
			t.Errorf("status %d", whole.Status)
		}
		for name, values := range whole.ViewerHeader(droppedStreamed, remapped, "x/y") {
			for _, value := range values {
				if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
					t.Errorf("header %q: %q", name, value)
				}
			}
		}
		if !strings.HasSuffix(string(data), nuls+string(rest)) {
			t.Errorf("rest %q is not what follows the delimiter", rest)
		}
	})
}

// chunked reads step bytes at a time.
type chunked struct {
	data []byte
	step int
}

func (c *chunked) Read(p []byte) (int, error) {
	if len(c.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.data[:min(c.step, len(c.data))])
	c.data = c.data[n:]
	return n, nil
}

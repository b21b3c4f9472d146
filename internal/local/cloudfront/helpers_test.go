package cloudfront

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// originFunc is an origin in process.
type originFunc func(*http.Request) (*http.Response, error)

func (f originFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer is an origin's answer.
func answer(status int, body string, pairs ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}
}

// seen remembers the last request that an origin got, its body read.
type seen struct {
	mu      sync.Mutex
	request *http.Request
	body    []byte
	count   int
}

func (s *seen) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	var err error
	if r.Body != nil {
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body.Close()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.request, s.body, s.count = r, body, s.count+1
	return answer(http.StatusOK, "hello", "Content-Type", "text/plain"), nil
}

const (
	testDomain = "abc.lambda-url.ap-northeast-1.on.aws"
	testID     = "E111122223333A"
)

func testConfig(origin http.RoundTripper) Config {
	disabled, _ := ManagedCachePolicies["4135ea2d-6df8-44a3-9df3-4b5a84be39ad"]
	except, _ := ManagedOriginRequestPolicies["b689b0a8-53d0-40ab-baf2-68738e2966ac"]
	return Config{
		ID:          testID,
		ARN:         "arn:aws:cloudfront::111122223333:distribution/" + testID,
		DomainName:  "d111111abcdef8.cloudfront.net",
		Account:     "111122223333",
		Credentials: testCredentials,
		Origins:     map[string]Origin{"url": {ID: "url", DomainName: testDomain, Transport: origin}},
		Default: Behavior{
			TargetOriginID:       "url",
			ViewerProtocolPolicy: "redirect-to-https",
			AllowedMethods:       allMethods,
			CachePolicy:          disabled,
			OriginRequestPolicy:  &except,
		},
	}
}

// edit changes the origin and the default behavior of a config.
func (c *Config) edit(change func(o *Origin, b *Behavior)) {
	o := c.Origins["url"]
	change(&o, &c.Default)
	c.Origins["url"] = o
}

func mustNew(t testing.TB, config Config) (*Distribution, *lockedBuffer) {
	t.Helper()
	var log lockedBuffer
	d, err := New(config, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return d, &log
}

type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// ask sends a request to a distribution without a network.
func ask(t testing.TB, d http.Handler, method, target, body string, pairs ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == "Host" {
			r.Host = pairs[i+1]
			continue
		}
		r.Header.Add(pairs[i], pairs[i+1])
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result()
}

func newRequest(method, target string) (*http.Request, *httptest.ResponseRecorder) {
	r := httptest.NewRequest(method, target, nil)
	return r, httptest.NewRecorder()
}

func askProto(t testing.TB, d http.Handler, method, target, proto string) *http.Response {
	t.Helper()
	r, w := newRequest(method, target)
	r.Proto = proto
	r.ProtoMajor, r.ProtoMinor, _ = http.ParseHTTPVersion(proto)
	d.ServeHTTP(w, r)
	return w.Result()
}

func read(t testing.TB, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// serve listens, for tests of what only a connection shows.
func serve(t *testing.T, d http.Handler) (string, *http.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(d)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	client := server.Client()
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL, client
}

// edgeFunc is a Lambda@Edge function in Go: it gets cf of the first record.
type edgeFunc func(cf map[string]any) (any, error)

func (f edgeFunc) invoke(_ context.Context, document *spool.Document) ([]byte, error) {
	defer document.Close()
	var event bytes.Buffer
	if _, err := document.WriteTo(&event); err != nil {
		return nil, err
	}
	var e struct {
		Records []struct {
			CF map[string]any `json:"cf"`
		}
	}
	if err := json.Unmarshal(event.Bytes(), &e); err != nil {
		return nil, err
	}
	result, err := f(e.Records[0].CF)
	if err != nil {
		return nil, err
	}
	return json.Marshal(result)
}

// responding is a Lambda@Edge function with always the same result.
func responding(data []byte, err error) EdgeFunction {
	return func(_ context.Context, event *spool.Document) ([]byte, error) {
		event.Close()
		return data, err
	}
}

func atOrigin(f edgeFunc) map[EventType]EdgeAssociation {
	return map[EventType]EdgeAssociation{OriginRequest: {Name: "hasher", Function: f.invoke, IncludeBody: true}}
}

// eventually waits for a condition that another goroutine brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("never: " + what)
}

// closer tells when a body is closed.
type closer struct {
	io.Reader
	closed func()
}

func (c closer) Close() error {
	c.closed()
	return nil
}

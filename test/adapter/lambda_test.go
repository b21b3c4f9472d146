package adapter

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// limit bounds everything that a test waits for.
const limit = 60 * time.Second

// A lambda plays Lambda to one adapter: the Runtime API and the Extensions API.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
type lambda struct {
	*httptest.Server
	asked    chan struct{} // one for each request for an event
	events   chan string
	results  chan *result
	closing  chan struct{}
	requests atomic.Int64
	tenant   string

	// begun, if not nil, gets a response when its first bytes are there, and
	// then the test reads the body.
	begun chan *result
}

// A result is what the adapter sent for an event.
type result struct {
	kind   string // response or error
	header http.Header
	body   []byte
	err    error // of reading the body

	request *http.Request
	answer  chan int // the status to answer with, for begun
}

func newLambda(t *testing.T) *lambda {
	l := &lambda{
		asked: make(chan struct{}, 100), events: make(chan string), results: make(chan *result, 100),
		closing: make(chan struct{}),
	}
	api := http.NewServeMux()
	api.HandleFunc("GET /2018-06-01/runtime/invocation/next", l.next)
	api.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{kind}", l.result)
	api.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Lambda-Extension-Identifier", "an-extension")
		io.WriteString(w, `{"functionName": "shop", "functionVersion": "$LATEST", "handler": "run.sh"}`)
	})
	api.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-l.closing:
		}
	})
	l.Server = httptest.NewServer(api)
	t.Cleanup(func() {
		close(l.closing)
		l.CloseClientConnections()
		l.Close()
	})
	return l
}

func (l *lambda) address() string { return l.Listener.Addr().String() }

func (l *lambda) next(w http.ResponseWriter, r *http.Request) {
	select {
	case l.asked <- struct{}{}:
	default: // Nobody counts so many.
	}
	select {
	case event := <-l.events:
		n := l.requests.Add(1)
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprintf("request-%d", n))
		h.Set("Lambda-Runtime-Deadline-Ms", "1790000000000")
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:shop")
		h.Set("Lambda-Runtime-Trace-Id", "Root=1-68d0-1;Sampled=0")
		if l.tenant != "" {
			h.Set("Lambda-Runtime-Aws-Tenant-Id", l.tenant)
		}
		io.WriteString(w, event)
	case <-r.Context().Done():
	case <-l.closing:
	}
}

func (l *lambda) result(w http.ResponseWriter, r *http.Request) {
	res := &result{kind: r.PathValue("kind"), header: r.Header, request: r, answer: make(chan int)}
	if l.begun != nil {
		l.begun <- res
		select {
		case status := <-res.answer:
			w.WriteHeader(status)
		case <-l.closing:
		}
		return
	}
	res.body, res.err = io.ReadAll(r.Body)
	l.results <- res
	w.WriteHeader(http.StatusAccepted)
}

// invoke sends an event and returns what the adapter sent for it.
func (l *lambda) invoke(t *testing.T, event string) *result {
	t.Helper()
	l.send(t, event)
	return receive(t, l.results, "a result from the adapter")
}

func (l *lambda) send(t *testing.T, event string) {
	t.Helper()
	select {
	case l.events <- event:
	case <-time.After(limit):
		t.Fatal("the adapter doesn't ask for an event")
	}
}

func receive[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(limit):
		t.Fatalf("no %s within %v", what, limit)
		panic("unreachable")
	}
}

// failed is an error that the adapter reports, and panicked one that it doesn't
// expect.
func failed(message string) string {
	return "error unhandled\n" + marshalFailure("&alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>", message)
}

func panicked(message string) string {
	return "error unhandled\n" + marshalFailure("&alloc::boxed::Box<dyn core::any::Any + core::marker::Send>", "Lambda panicked: "+message)
}

const invalidURI = "failed to build request: http::Error(InvalidUri(InvalidUriChar))"

func marshalFailure(errorType, message string) string {
	return marshal(struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{errorType, message})
}

func timeout() <-chan time.Time { return time.After(limit) }

// String returns what Lambda got, as the table has it.
func (r *result) String() string {
	var b strings.Builder
	switch {
	case r.kind == "error":
		fmt.Fprintf(&b, "error %s\n%s", r.header.Get("Lambda-Runtime-Function-Error-Type"), r.body)
	case r.header.Get("Content-Type") == "application/vnd.awslambda.http-integration-response":
		prelude, body, ok := bytes.Cut(r.body, make([]byte, 8))
		if !ok {
			return fmt.Sprintf("no prelude in %q", r.body)
		}
		b.WriteString(preludeText(prelude))
		b.Write(body)
	default:
		b.WriteString(documentText(r.body))
	}
	if r.err != nil {
		fmt.Fprintf(&b, "\n(the body broke off: %v)", r.err)
	}
	for name, values := range r.request.Trailer {
		if len(values) > 0 {
			fmt.Fprintf(&b, "\n(trailer %s: %q)", name, values)
		}
	}
	return b.String()
}

// preludeText returns a prelude as lines: the status, the headers in
// alphabetical order, and the cookies.
func preludeText(prelude []byte) string {
	var p struct {
		StatusCode int
		Headers    map[string]any
		Cookies    []string
	}
	if err := json.Unmarshal(prelude, &p); err != nil {
		return fmt.Sprintf("%v in %q", err, prelude)
	}
	var b strings.Builder
	fmt.Fprintln(&b, p.StatusCode)
	for _, name := range slices.Sorted(maps.Keys(p.Headers)) {
		fmt.Fprintf(&b, "%s: %v\n", name, p.Headers[name])
	}
	for _, cookie := range p.Cookies {
		fmt.Fprintf(&b, "(cookie) %s\n", cookie)
	}
	return b.String() + "\n"
}

// documentText returns a buffered response as JSON, with its fields in
// alphabetical order and what gzip compressed.
func documentText(document []byte) string {
	var v any
	if err := json.Unmarshal(document, &v); err != nil {
		return fmt.Sprintf("%v in %q", err, document)
	}
	fields, _ := v.(map[string]any)
	if headers, _ := fields["headers"].(map[string]any); headers["content-encoding"] == "gzip" {
		fields["body"] = "(gzip) " + gunzip(fields["body"].(string))
	}
	return marshal(v)
}

func gunzip(encoded string) string {
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(encoded)))
	if err != nil {
		return err.Error()
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func marshal(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

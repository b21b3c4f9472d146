package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
)

func hashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// A recorder is a base transport that reads each request as a connection would.
type recorder struct {
	requests []*http.Request
	bodies   []string
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	body := ""
	if request.Body != nil {
		content, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		request.Body.Close()
		body = string(content)
	}
	r.requests, r.bodies = append(r.requests, request), append(r.bodies, body)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: request}, nil
}

// A tracked body says whether it was closed, and has no other methods.
type tracked struct {
	io.Reader
	closed bool
}

func (b *tracked) Close() error { b.closed = true; return nil }

func newRequest(t *testing.T, method, url string, body io.Reader) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func TestBodyHasher_sends_the_hash_of_every_kind_of_body(t *testing.T) {
	const body = "hello world"
	for name, test := range map[string]struct {
		method string
		body   io.Reader
		want   string
	}{
		"a string":              {"POST", strings.NewReader(body), body},
		"bytes, by DELETE":      {"DELETE", bytes.NewReader([]byte(body)), body},
		"a buffer":              {"PATCH", bytes.NewBufferString(body), body},
		"a reader":              {"PUT", &tracked{Reader: strings.NewReader(body)}, body},
		"a reader byte by byte": {"POST", iotest.OneByteReader(strings.NewReader(body)), body},
		"an empty string":       {"POST", strings.NewReader(""), ""},
		"an empty reader":       {"DELETE", &tracked{Reader: strings.NewReader("")}, ""},
		"no body":               {"POST", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var sent recorder
			request := newRequest(t, test.method, "http://example.com/", test.body)
			if _, err := (&BodyHasher{Base: &sent}).RoundTrip(request); err != nil {
				t.Fatal(err)
			}
			got := sent.requests[0]
			if hash := got.Header.Get(HeaderContentSHA256); hash != hashOf(test.want) || sent.bodies[0] != test.want {
				t.Errorf("got %s and the body %q, want %s and %q", hash, sent.bodies[0], hashOf(test.want), test.want)
			}
			if got.ContentLength != int64(len(test.want)) {
				t.Errorf("got ContentLength %d, want %d", got.ContentLength, len(test.want))
			}
			again, err := got.GetBody()
			if err != nil {
				t.Fatal(err)
			}
			if content, _ := io.ReadAll(again); string(content) != test.want {
				t.Errorf("GetBody returns %q, want %q", content, test.want)
			}
			if request.Header.Get(HeaderContentSHA256) != "" {
				t.Error("the caller's request was modified")
			}
			if body, ok := test.body.(*tracked); ok && !body.closed {
				t.Error("the caller's body isn't closed")
			}
		})
	}
}

func TestBodyHasher_leaves_requests_alone(t *testing.T) {
	hashed := newRequest(t, "POST", "http://example.com/", io.MultiReader(strings.NewReader("hello")))
	hashed.Header.Set("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
	for name, request := range map[string]*http.Request{
		"with the header":  hashed,
		"GET":              newRequest(t, "GET", "http://example.com/", nil),
		"DELETE, no body":  newRequest(t, "DELETE", "http://example.com/", nil),
		"the zero request": {URL: newRequest(t, "", "http://example.com/", nil).URL},
	} {
		var sent recorder
		if _, err := (&BodyHasher{Base: &sent}).RoundTrip(request); err != nil {
			t.Fatal(err)
		}
		if sent.requests[0] != request {
			t.Errorf("%s: sent another request", name)
		}
	}
}

func TestBodyHasher_doesnt_keep_bodies_that_can_be_read_again(t *testing.T) {
	var sent recorder
	request := newRequest(t, "POST", "http://example.com/", nil)
	first, second := &tracked{Reader: strings.NewReader("hello")}, &tracked{Reader: strings.NewReader("hello")}
	request.Body, request.ContentLength = first, 5
	request.GetBody = func() (io.ReadCloser, error) { return second, nil }
	// With a limit of one byte, a body that is read into memory fails.
	if _, err := (&BodyHasher{Base: &sent, MaxBuffer: 1}).RoundTrip(request); err != nil {
		t.Fatal(err)
	}
	if sent.requests[0].Body != first || !second.closed {
		t.Error("want the first body sent and the second, which was hashed, closed")
	}
}

func TestBodyHasher_rejects_bodies_and_closes_them(t *testing.T) {
	broken := errors.New("disk error")
	for name, test := range map[string]struct {
		body    io.Reader
		length  int64
		getBody func() (io.ReadCloser, error)
		want    string
	}{
		"over the limit":       {body: strings.NewReader("12345"), length: -1, want: "over 4 bytes and has to be read twice: set GetBody of the request, or raise MaxBuffer"},
		"announced over it":    {body: iotest.ErrReader(broken), length: 5, want: "over 4 bytes"},
		"another length":       {body: strings.NewReader("123"), length: 4, want: "has 3 bytes, but ContentLength is 4"},
		"broken":               {body: iotest.ErrReader(broken), want: "disk error"},
		"GetBody fails":        {body: strings.NewReader("1"), getBody: func() (io.ReadCloser, error) { return nil, broken }, want: "GetBody of the request: disk error"},
		"GetBody is broken":    {body: strings.NewReader("1"), getBody: func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(broken)), nil }, want: "disk error"},
		"GetBody is different": {body: strings.NewReader("123"), length: 3, getBody: func() (io.ReadCloser, error) { return http.NoBody, nil }, want: "has 0 bytes, but ContentLength is 3"},
	} {
		t.Run(name, func(t *testing.T) {
			var sent recorder
			body := &tracked{Reader: test.body}
			request := newRequest(t, "POST", "http://example.com/", body)
			request.ContentLength, request.GetBody = test.length, test.getBody
			_, err := (&BodyHasher{Base: &sent, MaxBuffer: 4}).RoundTrip(request)
			if err == nil || !strings.Contains(err.Error(), test.want) || len(sent.requests) > 0 {
				t.Errorf("got %v and %d requests, want an error with %q", err, len(sent.requests), test.want)
			}
			if !body.closed {
				t.Error("the body isn't closed")
			}
		})
	}
}

func TestBodyHasher_accepts_a_body_of_exactly_the_limit(t *testing.T) {
	var sent recorder
	request := newRequest(t, "POST", "http://example.com/", io.MultiReader(strings.NewReader("1234")))
	if _, err := (&BodyHasher{Base: &sent, MaxBuffer: 4}).RoundTrip(request); err != nil || sent.bodies[0] != "1234" {
		t.Errorf("got %v and %q, want the body", err, sent.bodies)
	}
}

func TestBodyHasher_accepts_a_limit_that_is_none(t *testing.T) {
	var sent recorder
	request := newRequest(t, "POST", "http://example.com/", io.MultiReader(strings.NewReader("hello")))
	if _, err := (&BodyHasher{Base: &sent, MaxBuffer: math.MaxInt64}).RoundTrip(request); err != nil || sent.bodies[0] != "hello" {
		t.Errorf("got %v and %q, want the body", err, sent.bodies)
	}
}

func TestBodyHasher_stops_when_the_request_is_canceled(t *testing.T) {
	body, writer := io.Pipe()
	defer writer.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("no longer needed")
	go func() {
		writer.Write([]byte("never all of it"))
		cancel(reason)
	}()
	request := newRequest(t, "POST", "http://example.com/", body).WithContext(ctx)
	if _, err := (&BodyHasher{Base: &recorder{}}).RoundTrip(request); !errors.Is(err, reason) {
		t.Errorf("got %v, want %v", err, reason)
	}
}

// A 303 turns a POST into a GET without a body, and a 307 sends the body again.
func TestBodyHasher_hashes_again_after_a_redirect(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+string(body)+" "+r.Header.Get(HeaderContentSHA256))
		switch r.URL.Path {
		case "/303":
			http.Redirect(w, r, "/end", http.StatusSeeOther)
		case "/307":
			http.Redirect(w, r, "/303", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	c := server.Client()
	c.Transport = &BodyHasher{Base: c.Transport}
	response, err := c.Post(server.URL+"/307", "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	c.CloseIdleConnections()
	want := "POST hello " + hashOf("hello")
	if len(got) != 3 || got[0] != want || got[1] != want || got[2] != "GET  " {
		t.Errorf("got %q, want two POSTs with the hash and a GET without", got)
	}
}

package functionurl

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// signTo signs a request for a server on loopback as curl would.
func signTo(t testing.TB, server *httptest.Server, method, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	sigv4.Sign(req, sigv4.HashOf(strings.NewReader(body)), admin.Credentials, "lambda", "eu-west-1", time.Now())
	return req
}

func TestHandler_flushes_every_chunk(t *testing.T) {
	r, w := io.Pipe()
	u, _ := newURL(t, invoke(func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
		return &lambda.Response{ContentType: payload.ContentTypeIntegration, Body: r}, nil
	}), nil)
	server := httptest.NewServer(u)
	defer server.Close()
	defer w.Close() // or a failing test waits for the handler
	server.Client().Timeout = 5 * time.Second
	go io.WriteString(w, `{"statusCode":200}`+nuls)
	resp, err := server.Client().Do(signTo(t, server, http.MethodPost, "/a?b=c", "body"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	for _, line := range []string{"one\n", "two\n"} {
		go io.WriteString(w, line)
		if got, err := lines.ReadString('\n'); err != nil || got != line {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	w.Close()
	if _, err := lines.ReadString('\n'); err != io.EOF {
		t.Errorf("the end: %v", err)
	}
	if resp.TransferEncoding == nil || resp.Header.Get("X-Amzn-Requestid") == "" {
		t.Errorf("transfer encoding %v, headers %v", resp.TransferEncoding, resp.Header)
	}
}

func TestHandler_closes_the_response_when_the_viewer_leaves(t *testing.T) {
	r, w := io.Pipe()
	u, _ := newURL(t, invoke(func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
		return &lambda.Response{ContentType: payload.ContentTypeIntegration, Body: r}, nil
	}), nil)
	server := httptest.NewServer(u)
	defer server.Close()
	defer w.Close()
	go io.WriteString(w, `{"statusCode":200}`+nuls+"first")
	resp, err := server.Client().Do(signTo(t, server, http.MethodGet, "/", ""))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for deadline := time.Now().Add(5 * time.Second); ; {
		if _, err := io.WriteString(w, "more"); err != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the function's response stayed open")
		}
	}
}

func TestHandler_serves_over_HTTP(t *testing.T) {
	tests := []struct {
		name, method, content string
		signed                bool
		status                int
		body                  string
	}{
		{"post", http.MethodPost, `{"statusCode":200}` + nuls + "ran", true, 200, "ran"},
		{"head", http.MethodHead, `{"statusCode":200}` + nuls + "ran", true, 200, ""},
		{"no content", http.MethodDelete, `{"statusCode":204}` + nuls, true, 204, ""},
		{"redirect", http.MethodGet, `{"statusCode":302}` + nuls, true, 302, ""},
		{"garbage", http.MethodGet, "garbage", true, 502, "Internal Server Error"},
		{"unsigned", http.MethodGet, "", false, 403, `{"Message":"` + messageForbidden + `"}`},
		{"unsigned head", http.MethodHead, "", false, 403, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, _ := newURL(t, streams(test.content), nil)
			server := httptest.NewServer(u)
			defer server.Close()
			req := signTo(t, server, test.method, "/x%2Fy", "")
			if !test.signed {
				req.Header.Del("Authorization")
			}
			resp, err := server.Client().Transport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != test.status || string(body) != test.body {
				t.Errorf("got %d %q, %v", resp.StatusCode, body, err)
			}
		})
	}
}

func TestURL_serves_many_requests_at_once(t *testing.T) {
	u, _ := newURL(t, streams(ok), nil)
	done := make(chan string)
	const requests = 200
	for range requests {
		req := signed(t, edge, newRequest(t, http.MethodPost, "/", "body"), "body")
		go func() {
			resp, err := u.RoundTrip(req)
			if err != nil {
				done <- err.Error()
				return
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			done <- string(body)
		}()
	}
	for range requests {
		if got := <-done; got != "ran" {
			t.Errorf("got %q", got)
		}
	}
}

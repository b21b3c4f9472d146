package local

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestEdge_lets_no_browser_remember_localhost_as_secure(t *testing.T) {
	handler := keepLocalhostPlain(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "body")
		http.NewResponseController(w).Flush()
	}))
	for host, want := range map[string]string{
		"localhost:23875": "", "LOCALHOST": "", "a.b.localhost:1": "",
		"127.0.0.1:23875": "max-age=31536000", "[::1]:1": "max-age=31536000", "www.example.com": "max-age=31536000", "localhost.example.com": "max-age=31536000",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host, r.TLS = host, new(tls.ConnectionState)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if got := w.Result().Header.Get("Strict-Transport-Security"); got != want || w.Code != http.StatusTeapot || w.Body.String() != "body" || !w.Flushed {
			t.Errorf("%s: got %q, %d %q, want %q", host, got, w.Code, w.Body, want)
		}
	}
}

package local

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestWebSockets_are_explained_once_for_each_path(t *testing.T) {
	log, written := logtest.New()
	served := 0
	handler := explainWebSockets(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }), log)
	for _, path := range []string{"/plain", "/socket", "/socket", "/other"} {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		if path != "/plain" {
			request.Header.Set("Upgrade", "websocket")
		}
		do(t, handler, request)
	}
	written.Want(t, "level=WARN", "no WebSocket is opened at /socket", "cause=", "hint=")
	if lines := strings.Count(written.String(), "\n"); lines != 2 || served != 4 {
		t.Errorf("got %d lines and %d requests, want 2 and 4:\n%s", lines, served, written)
	}
}

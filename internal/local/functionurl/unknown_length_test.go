package functionurl

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// The signature covers a chunked body too, whatever the method.
func TestURL_rejects_a_body_of_unknown_length_that_is_not_signed(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodOptions, http.MethodDelete, http.MethodPost} {
		u, _ := newURL(t, mustNotRun(t), nil)
		req := newRequest(t, method, "/", "")
		req.Body, req.ContentLength, req.TransferEncoding = io.NopCloser(strings.NewReader("body")), -1, []string{"chunked"}
		sigv4.Sign(req, sigv4.EmptyPayloadHash, edge.Credentials, "lambda", "eu-west-1", time.Now())
		if resp, body := roundTrip(t, u, req); resp.StatusCode != 403 || resp.Header.Get("X-Amzn-Errortype") != sigv4.InvalidSignature {
			t.Errorf("%s: got %d %s, want 403 %s", method, resp.StatusCode, body, sigv4.InvalidSignature)
		}
	}
}

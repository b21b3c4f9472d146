package cloudfront

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// A chunked body has no Content-Length, but it is a body.
func TestDistribution_rejects_GET_with_a_body_of_unknown_length(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		origin := &seen{}
		d, _ := mustNew(t, testConfig(origin))
		address, client := serve(t, d)
		// The wrapper keeps net/http from measuring the body.
		request, err := http.NewRequest(method, address, struct{ io.Reader }{strings.NewReader("body")})
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusForbidden || origin.count != 0 {
			t.Errorf("%s: got %d, and the origin got %d requests, want 403 and none", method, response.StatusCode, origin.count)
		}
	}
}

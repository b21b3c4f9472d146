package shapes

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestStream_of_a_Node_handler_arrives_line_by_line(t *testing.T) {
	e := serve(t, shape("Stream"))
	if got := e.get(t, "/").header.Values("Set-Cookie"); !slices.Equal(got, []string{"a=1", "b=2"}) {
		t.Errorf("got Set-Cookie %q, want two", got)
	}
	// The stream takes about 450 ms after its first line.
	if got := localtest.Stream(t, "http://"+e.address+"/", 100*time.Millisecond); got != "one\ntwo\nthree\n" {
		t.Errorf("got %q, want three lines", got)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestStream_accepts_bodies_that_the_edge_function_hashes(t *testing.T) {
	e := serve(t, shape("Stream"))
	for name, body := range map[string]string{"empty": "", "text": "größer", "binary": "\x00\xff\xfe", "large": strings.Repeat("\x80abc", 200<<10)} {
		t.Run(name, func(t *testing.T) {
			got := e.send(t, http.MethodPost, "/echo", body)
			if got.status != http.StatusOK || got.body != body {
				t.Errorf("got %d and %d bytes, want 200 and the %d that were sent", got.status, len(got.body), len(body))
			}
		})
	}
}

func TestStream_rejects_requests_that_bypass_CloudFront(t *testing.T) {
	e := serve(t, shape("Stream"))
	got := e.get(t, "/", "Host", e.functionURL(t).Hosts[0])
	if got.status != http.StatusForbidden || !strings.Contains(got.body, "urls-auth.html") {
		t.Errorf("got %d %s, want AWS's 403", got.status, got.body)
	}
}

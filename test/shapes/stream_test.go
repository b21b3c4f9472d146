package shapes

import (
	"bufio"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestStream_of_a_Node_handler_arrives_line_by_line(t *testing.T) {
	e := serve(t, shape("Stream"))
	response, err := e.client.Get("http://" + e.address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var lines []string
	var arrived []time.Time
	for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
		lines, arrived = append(lines, scanner.Text()), append(arrived, time.Now())
	}
	if want := []string{"one", "two", "three"}; !slices.Equal(lines, want) {
		t.Fatalf("got lines %q, want %q", lines, want)
	}
	if between := arrived[2].Sub(arrived[0]); between < 100*time.Millisecond {
		t.Errorf("got %v between the first line and the last, want about 300 ms", between)
	}
	if got := response.Header.Values("Set-Cookie"); !slices.Equal(got, []string{"a=1", "b=2"}) {
		t.Errorf("got Set-Cookie %q, want two", got)
	}
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
	got := e.get(t, "/", "Host", e.FunctionURLs[0].Host)
	if got.status != http.StatusForbidden || !strings.Contains(got.body, "urls-auth.html") {
		t.Errorf("got %d %s, want AWS's 403", got.status, got.body)
	}
}

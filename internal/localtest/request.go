package localtest

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// attempts is how often a stream is read before it counts as buffered: a busy
// machine may deliver several lines at once.
const attempts = 3

// Post sends a form and returns the body of the response, which has to be a 200.
func Post(t *testing.T, url, form string) string {
	t.Helper()
	response, err := http.Post(url, "application/x-www-form-urlencoded", strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	return body(t, response, response.Body)
}

// Get returns the body of a response, which has to be a 200.
func Get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return body(t, response, response.Body)
}

// Stream gets a response whose handler waits between its lines and returns the
// body. The test fails unless the first line arrives at least a wait before the
// end.
func Stream(t *testing.T, url string, wait time.Duration) string {
	t.Helper()
	return stream(t, url, wait, func() (*http.Response, error) { return http.Get(url) })
}

// StreamJSON is Stream for a POST of JSON.
func StreamJSON(t *testing.T, url, json string, wait time.Duration) string {
	t.Helper()
	return stream(t, url, wait, func() (*http.Response, error) {
		return http.Post(url, "application/json", strings.NewReader(json))
	})
}

func stream(t *testing.T, url string, wait time.Duration, send func() (*http.Response, error)) string {
	t.Helper()
	for range attempts {
		response, err := send()
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(response.Body)
		first, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		arrived := time.Now()
		rest := body(t, response, lines)
		if time.Since(arrived) >= wait {
			return first + rest
		}
	}
	t.Fatalf("in %d attempts the first line of %s never arrived %v before the end", attempts, url, wait)
	return ""
}

// body reads the rest of a response, which has to be a 200.
func body(t *testing.T, response *http.Response, r io.Reader) string {
	t.Helper()
	defer response.Body.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("got %s and %q, want 200", response.Status, content)
	}
	return string(content)
}

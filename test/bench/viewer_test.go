package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// A request is what a viewer asks for and how much it must get.
type request struct {
	method string
	path   string
	body   []byte

	// want is the length of the answer's body. Default: any but 0.
	want int64
}

// viewer keeps a connection for every concurrent request.
var viewer = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}

// send sends the request and returns how long the first byte of the answer's
// body took, and the whole.
func (r request) send(to *process) (first, whole time.Duration, err error) {
	message, err := http.NewRequest(r.method, to.URL+r.path, bytes.NewReader(r.body))
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	response, err := viewer.Do(message)
	if err != nil {
		return 0, 0, err
	}
	defer response.Body.Close()
	var byteOne [1]byte
	if _, err := io.ReadFull(response.Body, byteOne[:]); err != nil {
		return 0, 0, fmt.Errorf("%s %s: %s: %w", r.method, message.URL, response.Status, err)
	}
	first = time.Since(begin)
	rest, err := io.Copy(io.Discard, response.Body)
	whole = time.Since(begin)
	if response.StatusCode != http.StatusOK || r.want > 0 && rest+1 != r.want {
		return 0, 0, fmt.Errorf("%s %s: got %s and %d bytes, want 200 and %d", r.method, message.URL, response.Status, rest+1, r.want)
	}
	return first, whole, err
}

// ask sends the request and ends the benchmark if it fails.
func (r request) ask(b *testing.B, to *process) (first, whole time.Duration) {
	b.Helper()
	first, whole, err := r.send(to)
	if err != nil {
		b.Fatalf("%v\n%s", err, to.lines())
	}
	return first, whole
}

package payload

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestReadBody_accepts_exactly_the_limit(t *testing.T) {
	const limit = 10_000
	for _, size := range []int{0, 1, limit - 1, limit, limit + 1, 2 * limit} {
		for _, chunked := range []bool{false, true} {
			req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", size)))
			if chunked {
				req.ContentLength = -1
			}
			body, err := ReadBody(req, limit)
			if size > limit {
				if body != nil || err != ErrTooLarge {
					t.Errorf("%d bytes, chunked %v: got %v, want %v", size, chunked, err, ErrTooLarge)
				}
				continue
			}
			if err != nil {
				t.Errorf("%d bytes, chunked %v: %v", size, chunked, err)
				continue
			}
			if body.Size() != int64(size) {
				t.Errorf("%d bytes, chunked %v: got %d", size, chunked, body.Size())
			}
			body.Close()
		}
	}
}

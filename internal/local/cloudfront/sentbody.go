package cloudfront

import (
	"io"
	"sync"
	"sync/atomic"
)

// A sentBody is a request's body on its way to the origin. It remembers whether
// it was read, and stays open for another attempt until it was. Time that a slow
// viewer takes doesn't count as the origin's: the clock is stopped during Read.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-request-timeout
// Inferred: an origin that stops reading the body must continue, or respond,
// within the same time.
type sentBody struct {
	io.ReadCloser
	watch *watch

	touched atomic.Bool // it was read from

	mu   sync.Mutex
	over bool // the origin has responded, and may read on
}

// Read reads what the viewer sends.
func (b *sentBody) Read(p []byte) (int, error) {
	b.touched.Store(true)
	b.mu.Lock()
	if !b.over {
		b.watch.packet.Stop()
	}
	b.mu.Unlock()
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	if !b.over {
		b.watch.packet.Reset(b.watch.origin.ReadTimeout)
	}
	b.mu.Unlock()
	return n, err
}

// Close closes the body if it was read.
func (b *sentBody) Close() error {
	if b.touched.Load() {
		return b.ReadCloser.Close()
	}
	return nil
}

// answered ends the wait for a response, even if the body is still being read.
func (b *sentBody) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
	b.watch.packet.Stop()
}

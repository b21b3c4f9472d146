package cloudfront

import (
	"context"
	"io"
	"sync"
	"time"
)

// A watch bounds how long an origin may take: to connect, to send the next
// packet, to send everything.
type watch struct {
	origin                      *Origin
	cancel                      context.CancelCauseFunc
	connect, packet, completion *time.Timer

	mu   sync.Mutex
	body io.Closer // closed when the time is up
	over bool
}

func newWatch(ctx context.Context, cancel context.CancelCauseFunc, origin *Origin) *watch {
	w := &watch{origin: origin, cancel: cancel}
	w.connect = stopped(func() { w.end(errConnectTimeout) })
	w.packet = stopped(func() { w.end(errResponseTimeout) })
	if origin.ResponseCompletionTimeout > 0 {
		w.completion = time.AfterFunc(origin.ResponseCompletionTimeout, func() { w.end(errCompletionTimeout) })
	}
	return w
}

func stopped(f func()) *time.Timer {
	t := time.AfterFunc(time.Hour, f)
	t.Stop()
	return t
}

// end ends the request, and a Read of the answer that is under way.
func (w *watch) end(cause error) {
	w.cancel(cause)
	w.mu.Lock()
	body := w.body
	w.over = true
	w.mu.Unlock()
	if body != nil {
		body.Close()
	}
}

// close names the body to close when the time is up, or closes it at once if
// that has been.
func (w *watch) close(body io.Closer) {
	w.mu.Lock()
	w.body = body
	over := w.over
	w.mu.Unlock()
	if over {
		body.Close()
	}
}

func (w *watch) stop() {
	w.connect.Stop()
	w.packet.Stop()
	if w.completion != nil {
		w.completion.Stop()
	}
}

// An originBody is an origin's answer, with a bound between packets. Time that
// a slow viewer takes does not count: the clock runs only during Read.
type originBody struct {
	io.ReadCloser
	watch   *watch
	ctx     context.Context
	timeout time.Duration
}

func (b *originBody) Read(p []byte) (int, error) {
	b.watch.packet.Reset(b.timeout)
	n, err := b.ReadCloser.Read(p)
	b.watch.packet.Stop()
	if err != nil && err != io.EOF {
		if cause := context.Cause(b.ctx); cause != nil {
			err = cause
		}
	}
	return n, err
}

func (b *originBody) Close() error {
	b.watch.stop()
	b.watch.cancel(context.Canceled)
	return b.ReadCloser.Close()
}

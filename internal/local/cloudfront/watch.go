package cloudfront

import (
	"context"
	"io"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
)

// A watch bounds how long an origin may take to connect, to send the next
// packet, and to send everything. When the time is up it ends the request's
// context, with the reason as its cause.
type watch struct {
	origin                      *Origin
	connect, packet, completion *time.Timer
}

func newWatch(cancel context.CancelCauseFunc, origin *Origin) *watch {
	w := &watch{
		origin: origin,
		connect: stopped(func() {
			cancel(&timeoutError{"CloudFront couldn't connect to the origin within its connection timeout", origin.ConnectionTimeout, true})
		}),
		packet: stopped(func() {
			cancel(&timeoutError{"the origin sent nothing within its response timeout", origin.ReadTimeout, false})
		}),
	}
	if most := origin.ResponseCompletionTimeout; most > 0 {
		w.completion = time.AfterFunc(most, func() {
			cancel(&timeoutError{"the origin's response wasn't complete within its response completion timeout", most, false})
		})
	}
	return w
}

func stopped(f func()) *time.Timer {
	t := time.AfterFunc(time.Hour, f)
	t.Stop()
	return t
}

func (w *watch) stop() {
	w.connect.Stop()
	w.packet.Stop()
	if w.completion != nil {
		w.completion.Stop()
	}
}

// trace bounds the time to connect, for transports that connect.
func (w *watch) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		ConnectStart: func(string, string) { w.connect.Reset(w.origin.ConnectionTimeout) },
		ConnectDone:  func(string, string, error) { w.connect.Stop() },
	})
}

// An originBody is the body of an origin's response, with a bound between packets.
// Time that a slow viewer takes doesn't count: the clock runs only during Read.
type originBody struct {
	io.ReadCloser
	watch  *watch
	ctx    context.Context
	cancel context.CancelCauseFunc
	spare  func() bool // keeps ctx's end from closing the body
}

// newOriginBody returns a body that closes when ctx ends, because the time is up
// or the viewer has left, so that no Read waits forever.
func newOriginBody(body io.ReadCloser, w *watch, ctx context.Context, cancel context.CancelCauseFunc) *originBody {
	return &originBody{body, w, ctx, cancel, context.AfterFunc(ctx, func() { body.Close() })}
}

// Read reads what the origin sends. It fails with the reason for which the
// request has ended, a timeoutError if no packet came in time.
func (b *originBody) Read(p []byte) (int, error) {
	b.watch.packet.Reset(b.watch.origin.ReadTimeout)
	n, err := b.ReadCloser.Read(p)
	b.watch.packet.Stop()
	if err != nil && err != io.EOF {
		if cause := context.Cause(b.ctx); cause != nil {
			err = cause
		}
	}
	return n, err
}

// Ready reports whether Read has bytes at once.
func (b *originBody) Ready() bool { return exchange.Ready(b.ReadCloser) }

// Close closes the body once, however often it is called.
func (b *originBody) Close() error {
	b.watch.stop()
	spared := b.spare()
	b.cancel(context.Canceled)
	if spared {
		return b.ReadCloser.Close()
	}
	return nil
}

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

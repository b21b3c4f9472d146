package adapter

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

const (
	// retryInterval is the pause between two checks.
	//
	// Seen: 1.0.0-rc1.
	retryInterval = 10 * time.Millisecond

	// asyncInitLimit is how long the init phase waits with AWS_LWA_ASYNC_INIT.
	//
	// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
	asyncInitLimit = 9800 * time.Millisecond

	// reportInterval is how long an app may take before the log says so.
	//
	// Seen: 1.0.0-rc1.
	reportInterval = 2 * time.Second

	// maxDrained is the longest response to a check that is read to keep the
	// connection, in bytes.
	maxDrained = 64 << 10
)

// waitForInit waits until the app is ready. With asynchronous init, it gives up
// before Lambda would restart the environment, and returns false.
func (a *adapter) waitForInit(ctx context.Context) bool {
	if a.asyncInit {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, asyncInitLimit)
		defer cancel()
	}
	return a.waitUntilReady(ctx)
}

// A checkState is when the check in progress began, if there is one, and how the last
// one ended.
type checkState struct {
	since time.Time
	err   error
}

// reason returns why the app isn't ready. A check in progress counts after the
// limit, or soon if the last one failed to connect, which takes no time.
func (s *checkState) reason(limit time.Duration) error {
	if isDial(s.err) {
		limit = 5 * retryInterval
	}
	if !s.since.IsZero() && time.Since(s.since) > limit {
		return errNoAnswer
	}
	return s.err
}

// waitUntilReady polls the app and returns false only if ctx ends.
func (a *adapter) waitUntilReady(ctx context.Context) bool {
	var state atomic.Pointer[checkState]
	state.Store(&checkState{err: errNoAnswer})
	reporting, stop := context.WithCancel(ctx)
	var reporter sync.WaitGroup
	reporter.Go(func() { a.report(reporting, &state) })
	defer reporter.Wait()
	defer stop()
	for {
		state.Store(&checkState{time.Now(), state.Load().err})
		err := a.checkOnce(ctx)
		if err == nil {
			return true
		}
		state.Store(&checkState{err: err})
		if ctx.Err() == nil && !isDial(err) {
			a.Unready(a.explain(err))
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(retryInterval):
		}
	}
}

// report logs why the app isn't ready yet: after two seconds, and again when the
// reason changes.
func (a *adapter) report(ctx context.Context, state *atomic.Pointer[checkState]) {
	polled := "GET http://" + a.check.Host + a.check.RequestURI()
	if a.checkTCP {
		polled = "tcp " + a.check.Host
	}
	for said, waited := "", a.reportInterval; ; waited += a.reportInterval {
		select {
		case <-ctx.Done():
			return
		case <-time.After(a.reportInterval):
		}
		if cause, hint := a.explain(state.Load().reason(a.reportInterval / 2)); cause != said {
			said = cause
			fault.Log(a.Log, slog.LevelWarn, fmt.Sprintf("the app isn't ready after %v", waited), cause, hint, "polled", polled)
		}
	}
}

// checkOnce returns nil if the app is ready. As long as the app doesn't answer, it
// waits.
func (a *adapter) checkOnce(ctx context.Context) error {
	if a.checkTCP {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", a.check.Host)
		if err == nil {
			conn.Close()
		}
		return err
	}
	req := &http.Request{Method: http.MethodGet, URL: a.check, Header: http.Header{"User-Agent": {""}}}
	res, err := a.app.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.ContentLength >= 0 && res.ContentLength <= maxDrained {
		io.Copy(io.Discard, res.Body)
	}
	if !a.healthy.contain(res.StatusCode) {
		return unhealthyError{res.StatusCode}
	}
	return nil
}

package adapter

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
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

// waitUntilReady polls the app and returns false only if ctx ends.
func (a *adapter) waitUntilReady(ctx context.Context) bool {
	w := a.watch()
	defer w.stop()
	for {
		w.begin()
		err := a.checkOnce(ctx)
		if err == nil {
			return true
		}
		w.end(err)
		if ctx.Err() == nil && !isDial(err) {
			a.unready(a.notReady(err))
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(retryInterval):
		}
	}
}

// An unhealthyError is a status that doesn't count as ready.
type unhealthyError struct{ status int }

func (e unhealthyError) Error() string { return fmt.Sprintf("status %d", e.status) }

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
	if !a.healthy.contains(res.StatusCode) {
		return unhealthyError{res.StatusCode}
	}
	return nil
}

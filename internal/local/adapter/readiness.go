package adapter

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
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

// waitUntilReady polls the app and returns false only if ctx ends.
func (a *adapter) waitUntilReady(ctx context.Context) bool {
	checked := make(chan error, 1)
	check := func() { checked <- a.checkOnce(ctx) }
	go check()
	reports := time.NewTicker(a.reportInterval)
	defer reports.Stop()
	began, since := time.Now(), time.Now()
	last, said := errNoAnswer, ""
	for {
		select {
		case last = <-checked:
			if last == nil || ctx.Err() != nil {
				return last == nil
			}
			if !isDial(last) {
				a.Unready(a.explain(last))
			}
			since = time.Now().Add(retryInterval)
			time.AfterFunc(retryInterval, check)
		case now := <-reports.C:
			said = a.report(said, now.Sub(began), a.reason(last, since))
		}
	}
}

// reason returns why the app isn't ready, by how the last check ended and since when
// the next is in progress. That counts after a while, or soon if the last one failed to
// connect, which takes no time.
func (a *adapter) reason(last error, since time.Time) error {
	limit := a.reportInterval / 2
	if isDial(last) {
		limit = 5 * retryInterval
	}
	if time.Since(since) > limit {
		return errNoAnswer
	}
	return last
}

// report logs why the app isn't ready yet, unless it was said already, and returns that.
func (a *adapter) report(said string, waited time.Duration, reason error) string {
	cause, hint := a.explain(reason)
	if cause != said {
		polled := "GET http://" + a.check.Host + a.check.RequestURI()
		if a.checkTCP {
			polled = "tcp " + a.check.Host
		}
		fault.Log(a.Log, slog.LevelWarn, fmt.Sprintf("the app isn't ready after %v", waited.Round(a.reportInterval)), cause, hint, "polled", polled)
	}
	return cause
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

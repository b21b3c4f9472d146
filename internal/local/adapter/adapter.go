package adapter

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Options say what an adapter connects.
type Options struct {
	// RuntimeAPI is the host and port of the environment's Runtime API.
	RuntimeAPI string

	// Variables are the environment variables of the function, with those that
	// Lambda adds: x-amzn-lambda-context contains the function's name, memory,
	// version and logs.
	Variables map[string]string

	// Log gets what the app does wrong.
	Log *slog.Logger

	// Listening returns the ports that the app listens on, for the log. Any
	// goroutine may call it.
	Listening func() []int

	// Unready gets what is wrong with the app's answer to a readiness check, each
	// time.
	Unready func(cause, hint string)
}

// An adapter serves one environment.
type adapter struct {
	settings
	Options
	runtime        runtimeAPI
	app            *http.Transport
	reportInterval time.Duration // the constant, but for tests
}

// idleTimeout is how long a connection to the app stays open unused.
//
// Seen: 1.0.0-rc1.
const idleTimeout = 4 * time.Second

// Run waits until the app is ready and then serves invocations, until ctx ends,
// which isn't an error, or the Runtime API is gone.
func Run(ctx context.Context, o Options) error {
	s, err := newSettings(o.Variables)
	if err != nil {
		return err
	}
	a := newAdapter(s, o)
	defer a.app.CloseIdleConnections()
	defer a.runtime.client.CloseIdleConnections()
	initCtx, cancel := ctx, func() {}
	if a.asyncInit {
		initCtx, cancel = context.WithTimeout(ctx, asyncInitLimit)
	}
	ready := a.waitUntilReady(initCtx)
	cancel()
	for ctx.Err() == nil {
		inv, err := a.runtime.next(ctx)
		if err == nil {
			ready = ready || a.waitUntilReady(ctx)
			err = a.serve(ctx, inv)
		}
		if err != nil && ctx.Err() == nil {
			return fault.New("", "the adapter lost the Runtime API: %w", err)
		}
	}
	return nil
}

func newAdapter(s settings, o Options) *adapter {
	return &adapter{
		settings: s, Options: o, runtime: newRuntimeAPI(o.RuntimeAPI), reportInterval: reportInterval,
		app: &http.Transport{DisableCompression: true, IdleConnTimeout: idleTimeout},
	}
}

// serve sends one event to the app and its response to Lambda. It returns
// an error only if Lambda can't be reached: those of the app are Lambda's to know.
func (a *adapter) serve(ctx context.Context, inv *invocation) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := a.newRequest(ctx, inv)
	if err != nil {
		return a.runtime.fail(ctx, inv, err)
	}
	res, err := a.app.RoundTrip(req)
	if err != nil {
		return a.runtime.fail(ctx, inv, a.noResponse(req, err))
	}
	if res.StatusCode == http.StatusSwitchingProtocols {
		// It is a response without a body. Seen: 1.0.0-rc1.
		res.Body.Close()
		res.Body = http.NoBody
	}
	defer res.Body.Close()
	if a.errorStatus.contain(res.StatusCode) {
		return a.runtime.fail(ctx, inv, fmt.Errorf("the app answered with status %d, which AWS_LWA_ERROR_STATUS_CODES lists", res.StatusCode))
	}
	if a.stream {
		return a.runtime.stream(ctx, inv, prelude(res), &body{res.Body, func(err error) { a.logCut(req, err) }})
	}
	document, err := a.buffer(req, res, inv.rest)
	if err != nil {
		return a.runtime.fail(ctx, inv, err)
	}
	return a.runtime.post(ctx, inv.id+"/response", nil, bytes.NewReader(document))
}

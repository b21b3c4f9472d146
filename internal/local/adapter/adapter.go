package adapter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/net/http/httpguts"

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

	// Log gets what the app does wrong. Default: nothing is logged
	Log *slog.Logger

	// Listening returns the ports that the app listens on, for the log. Any
	// goroutine may call it. It may be nil.
	Listening func() []int

	// Unready gets what is wrong with the app's answer to a readiness check, each
	// time. It may be nil.
	Unready func(cause, cure string)
}

// An adapter serves one environment.
type adapter struct {
	settings
	runtime   runtimeAPI
	app       *http.Transport
	log       *slog.Logger
	listening func() []int
	unready   func(cause, cure string)
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
	ready := a.waitForInit(ctx)
	for ctx.Err() == nil {
		inv, err := a.runtime.next(ctx)
		if err == nil {
			if !ready {
				ready = a.waitUntilReady(ctx)
			}
			err = a.serve(ctx, inv)
		}
		var fatal fatalError
		switch {
		case err == nil || ctx.Err() != nil:
		case errors.As(err, &fatal):
			return fault.New("let the app send ASCII, or set "+varInvokeMode+" to response_stream", "%w", err)
		default:
			return fault.New("", "the adapter lost the Runtime API: %w", err)
		}
	}
	return nil
}

func newAdapter(s settings, o Options) *adapter {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	api := o.RuntimeAPI
	if s.runtimeAPI != "" {
		api = s.runtimeAPI
	}
	if o.Listening == nil {
		o.Listening = func() []int { return nil }
	}
	if o.Unready == nil {
		o.Unready = func(string, string) {}
	}
	return &adapter{
		settings:  s,
		runtime:   newRuntimeAPI(api),
		app:       &http.Transport{DisableCompression: true, IdleConnTimeout: idleTimeout},
		log:       o.Log,
		listening: o.Listening,
		unready:   o.Unready,
	}
}

// serve sends one event to the app and its response to Lambda. It returns
// an error only if Lambda can't be reached: those of the app are Lambda's to know.
func (a *adapter) serve(ctx context.Context, inv *invocation) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m, err := a.newMessage(inv.event)
	if err != nil {
		return a.runtime.fail(ctx, inv, err)
	}
	inv.event = nil // A stream may last for hours.
	req, err := a.newRequest(ctx, inv, m)
	if err != nil {
		return a.runtime.fail(ctx, inv, err)
	}
	res, err := a.roundTrip(req)
	if err != nil {
		a.logNoResponse(ctx, req, err)
		return a.runtime.fail(ctx, inv, clientError(err))
	}
	defer res.Body.Close()
	if a.errorStatus.contains(res.StatusCode) {
		return a.runtime.fail(ctx, inv, configuredError(res.StatusCode))
	}
	if a.stream {
		return a.runtime.stream(ctx, inv, newPrelude(res), a.newBody(ctx, req, res))
	}
	document, err := a.buffer(m, req, res)
	var fatal fatalError
	switch {
	case errors.As(err, &fatal):
		return err
	case err != nil:
		return a.runtime.fail(ctx, inv, err)
	}
	return a.runtime.respond(ctx, inv, document)
}

// roundTrip sends a request to the app. It rejects header names that net/http
// lets pass, and takes a switch of protocols for a response without a body.
//
// Seen: 1.0.0-rc1.
func (a *adapter) roundTrip(req *http.Request) (*http.Response, error) {
	res, err := a.app.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	for name := range res.Header {
		if !httpguts.ValidHeaderFieldName(name) {
			res.Body.Close()
			return nil, fmt.Errorf("invalid header name %q", name)
		}
	}
	if res.StatusCode == http.StatusSwitchingProtocols {
		res.Body.Close()
		res.Body = http.NoBody
	}
	return res, nil
}

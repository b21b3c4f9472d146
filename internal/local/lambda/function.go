package lambda

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/adapter"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// A Function is a Lambda function on this machine. Its methods may be called
// from any goroutine.
type Function struct {
	config  Config
	log     *slog.Logger
	runtime *languageRuntime
	opt     opt

	extensions []string // the programs of layers

	// adapt is package adapter's Run, but for tests.
	adapt func(context.Context, adapter.Options) error

	// initLimit, idleLimit and returnGrace are the constants of these names, but for
	// tests.
	initLimit, idleLimit, returnGrace time.Duration

	closing chan struct{} // closed by Close
	running sync.WaitGroup

	mu           sync.Mutex
	closed       bool
	environments map[*environment]struct{}
	numbered     int
	idle         []*environment // the most recently used one last
	idleTimer    *time.Timer    // nil unless several are idle
	waiters      []*waiter
	moved        time.Time // when the last of them left the line
	sharedPort   bool      // all environments would use one port, so only one may run
}

// New returns the function that config describes, with no process started. It
// checks ahead that this machine can run it: the runtime, the handler's file, and
// for a provided runtime the bootstrap. The function's output goes to log, line
// by line. An error is a *fault.Error with the property. The caller must call
// Close.
func New(config Config, log *slog.Logger) (*Function, error) {
	config, err := config.Check()
	if err != nil {
		return nil, err
	}
	f := &Function{
		config:       config,
		log:          log.With("source", config.Label),
		initLimit:    initLimit,
		idleLimit:    idleLimit,
		returnGrace:  returnGrace,
		adapt:        adapter.Run,
		closing:      make(chan struct{}),
		environments: make(map[*environment]struct{}),
	}
	if err := f.prepare(); err != nil {
		return nil, err
	}
	return f, nil
}

// Config returns the function's configuration, with defaults filled in.
func (f *Function) Config() Config {
	return f.config
}

// Invoke hands event to a free environment or a new one, and returns at the first
// byte of the response. It closes the event as soon as nobody needs it. The caller
// must close the Response's Body.
//
// The error is a *FunctionError if the handler failed before that byte, a
// *ThrottledError if no environment was free, ErrClosed after Close, or ctx's.
// When ctx ends, the handler runs on and its response is dropped, as on AWS. ctx
// is ignored after Invoke returns.
func (f *Function) Invoke(ctx context.Context, event Event, options InvokeOptions) (*Response, error) {
	inv := newInvocation(ctx, event, options)
	inv.stage = inv.trace.Enter(trace.In, "environment", f.config.Path, "")
	if err := f.dispatch(ctx, inv); err != nil {
		inv.dropEvent()
		return nil, err
	}
	select {
	case <-inv.begun:
	case <-ctx.Done():
		inv.reader.Close() // drops the response; the handler runs on
		return nil, ctx.Err()
	}
	if inv.response == nil {
		return nil, inv.err
	}
	return inv.response, nil
}

// Start starts one environment ahead of the first request and returns when it
// is ready, or with the *FunctionError of its init phase. It does nothing if
// the function has an environment or may have none. The environment goes on
// starting when ctx ends.
func (f *Function) Start(ctx context.Context) error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return ErrClosed
	}
	if limit, _ := f.limit(); len(f.environments) > 0 || limit == 0 {
		f.mu.Unlock()
		return nil
	}
	e := f.register(nil)
	f.mu.Unlock()
	e.start()
	select {
	case <-e.ready:
		return nil
	case <-e.ended:
		if e.retry {
			return f.Start(ctx)
		}
		return e.failure
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends every process, and every request with ErrClosed, and returns when
// none is left. Environments with extensions that are idle get time to
// end; the others are killed. The error is always nil.
func (f *Function) Close() error {
	f.mu.Lock()
	if !f.closed {
		f.closed = true
		close(f.closing)
		for _, w := range f.waiters {
			w.inv.fail(ErrClosed)
			close(w.taken)
		}
		f.waiters, f.idle = nil, nil
		if f.idleTimer != nil {
			f.idleTimer.Stop()
		}
		for e := range f.environments {
			go e.shutDown()
		}
	}
	f.mu.Unlock()
	f.running.Wait()
	f.releaseFiles()
	return nil
}

// limit returns how many environments there may be, and the reason of the limit.
// The caller holds f.mu.
func (f *Function) limit() (int, string) {
	limit := f.config.MaxEnvironments
	if f.sharedPort {
		limit = min(limit, 1)
	}
	if reserved := f.config.ReservedConcurrency; reserved != nil && *reserved <= limit {
		return *reserved, ReasonReservedConcurrency
	}
	return limit, ReasonConcurrency
}

// register adds an environment whose first event is inv, or none. The caller
// holds f.mu, and calls start after unlocking it.
func (f *Function) register(inv *invocation) *environment {
	f.numbered++
	e := newEnvironment(f, fmt.Sprintf("%s#%d", f.config.Label, f.numbered), inv)
	f.environments[e] = struct{}{}
	e.warming = inv == nil
	f.running.Add(1)
	return e
}

package lambda

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

type phase int

const (
	phaseInit phase = iota // started, hasn't asked for an event
	phaseIdle              // waiting for an event
	phaseBusy              // has an event
	phaseDead              // ended, or being killed
)

// An environment is the processes of a runtime and of its extensions, and the API
// that both use.
type environment struct {
	function *Function
	id       string
	log      *slog.Logger
	listener net.Listener
	server   *http.Server
	tempDir  string
	tail     tail
	request  atomic.Pointer[context.Context] // of the last event
	values   map[string]string               // the variables of the runtime
	watching sync.WaitGroup                  // what waits for extensions, and the adapter

	stopAdapter context.CancelFunc // nil without one

	deliveries chan *invocation // holds the current event until next fetches it
	asking     chan struct{}    // holds a token while the runtime asks for an event
	ready      chan struct{}    // closed at the end of the init phase
	dead       chan struct{}    // closed at the beginning of phaseDead
	ended      chan struct{}    // closed when everything is released
	failure    error            // why the init phase failed, once ended is closed
	retry      bool             // another may succeed, once ended is closed

	ownPorts map[string]string // its own port variables

	forgetAPI func() // of its processes

	// Guarded by the function's mutex.
	returning bool // it has responded, but not yet asked for more
	warming   bool // it starts ahead of a request
	idleSince time.Time

	mu          sync.Mutex
	phase       phase
	current     *invocation
	cause       error      // why it is killed; nil if it ended by itself
	initFailure error      // the init error that the runtime reported
	process     *process   // of the runtime
	extensions  []*process // of layers
	extended    bool       // a process registered as an extension
	ports       []int      // that an app listened on when its init phase timed out
	timer       *time.Timer

	unready explanation // the adapter's, of the last readiness check

	started     time.Time
	initialized bool      // it has asked for an event
	free        time.Time // when it first had
	served      bool      // it has had an event
}

// errInitTimedOut ends an environment whose init phase takes too long, and
// errPortIgnored one whose app doesn't listen on the environment's own port.
var (
	errInitTimedOut = errors.New("init timed out")
	errPortIgnored  = errors.New("own port ignored")
)

func newEnvironment(f *Function, id string, inv *invocation) *environment {
	e := &environment{
		function:   f,
		id:         id,
		log:        f.log.With("environment", id),
		current:    inv,
		deliveries: make(chan *invocation, 1),
		asking:     make(chan struct{}, 1),
		ready:      make(chan struct{}),
		dead:       make(chan struct{}),
		ended:      make(chan struct{}),
	}
	if inv != nil {
		e.request.Store(&inv.context)
	}
	return e
}

// deliver hands inv to the environment. It returns false if that isn't idle any
// more.
func (e *environment) deliver(inv *invocation) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != phaseIdle {
		return false
	}
	e.begin(inv)
	return true
}

// begin hands inv to the runtime; the caller holds e.mu.
func (e *environment) begin(inv *invocation) {
	e.phase, e.current = phaseBusy, inv
	// The request is cold if it waited for the init phase.
	inv.cold, e.served = !e.served && !e.free.Before(inv.arrived), true
	inv.trace.Handled(e.id, inv.cold)
	inv.stage.Leave(trace.Passed)
	inv.stage = inv.trace.Enter(trace.In, "handler", e.function.config.Path, "")
	e.request.Store(&inv.context)
	e.tail.clear()
	inv.deadline = time.Now().Add(e.function.config.Timeout)
	e.timer = time.AfterFunc(e.function.config.Timeout, func() {
		e.kill(newTimeoutError(e.function.config.Timeout), inv)
	})
	e.deliveries <- inv
}

// requestContext returns the context of the last request, for what the processes write.
func (e *environment) requestContext() context.Context {
	if ctx := e.request.Load(); ctx != nil {
		return *ctx
	}
	return context.Background()
}

// die begins the end of the environment; the caller holds e.mu. A nil cause is that
// it ended by itself.
func (e *environment) die(cause error) {
	e.phase, e.cause = phaseDead, cause
	close(e.dead)
}

// kill ends the environment for cause, unless that no longer applies: the
// environment works on an invocation other than of, or its init phase is over. An
// invocation in progress fails at once; supervise does the rest.
func (e *environment) kill(cause error, of *invocation) {
	e.mu.Lock()
	obsolete := e.phase == phaseDead || of != nil && of != e.current || (cause == errInitTimedOut || cause == errPortIgnored) && e.initialized
	if obsolete {
		e.mu.Unlock()
		return
	}
	e.die(cause)
	inv, process := e.current, e.process
	failNow := inv != nil && e.initialized && inv.progress != responseDone
	e.mu.Unlock()
	e.function.forget(e)
	if process != nil {
		process.kill()
	}
	if failNow {
		inv.fail(cause)
	}
}

// close releases everything but the processes that it knows, which have ended.
func (e *environment) close() {
	if e.forgetAPI != nil {
		e.forgetAPI()
	}
	if e.server != nil {
		e.server.Close()
	}
	if e.tempDir != "" {
		os.RemoveAll(e.tempDir)
	}
}

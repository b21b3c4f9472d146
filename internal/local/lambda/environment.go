package lambda

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

type phase int

const (
	phaseInit phase = iota // started, hasn't asked for an event
	phaseIdle              // waiting for an event
	phaseBusy              // has an event
	phaseDead              // ended, or being killed
)

// An environment is one process and its Runtime API.
type environment struct {
	function *Function
	id       string
	log      *slog.Logger
	listener net.Listener
	server   *http.Server
	process  *process
	tempDir  string
	tail     tail

	deliveries chan *invocation // holds the current event until next fetches it
	asking     chan struct{}    // holds a token while the runtime asks for an event
	ready      chan struct{}    // closed at the end of the init phase
	ended      chan struct{}    // closed when everything is released
	failure    error            // why the init phase failed, once ended is closed
	retry      bool             // another may succeed, once ended is closed

	ports map[string]string // its own port variables

	// Guarded by the function's mutex.
	returning, warming bool
	idleSince          time.Time

	mu           sync.Mutex
	phase        phase
	current      *invocation
	cause        error // why it is killed; nil if it ended by itself
	initFailure  error // the init error that the runtime reported
	extension    bool  // an internal extension has registered
	timer        *time.Timer
	started      time.Time
	initialised  bool // it has asked for an event
	initDuration time.Duration
}

// errInitTimedOut ends an environment whose init phase takes too long.
var errInitTimedOut = errors.New("init timed out")

func newEnvironment(f *Function, id string, inv *invocation) *environment {
	return &environment{
		function:   f,
		id:         id,
		log:        f.log.With("environment", id),
		current:    inv,
		deliveries: make(chan *invocation, 1),
		asking:     make(chan struct{}, 1),
		ready:      make(chan struct{}),
		ended:      make(chan struct{}),
	}
}

// start runs the init phase, in at most limit. A failure ends the environment
// and the invocation that it was started for.
func (e *environment) start(limit time.Duration) {
	err := e.launch(limit)
	if err == nil {
		go e.supervise()
		return
	}
	e.mu.Lock()
	e.phase = phaseDead
	inv := e.current
	e.mu.Unlock()
	e.function.forget(e)
	e.failure = newFunctionError(errorEntrypoint, requestID(inv), err.Error())
	e.report(e.failure, inv)
	e.close()
	if inv != nil {
		inv.fail(e.failure)
	}
	close(e.ended)
	e.function.running.Done()
}

func (e *environment) launch(limit time.Duration) (err error) {
	if e.tempDir, err = os.MkdirTemp("", "cloudfurl-environment-"); err != nil {
		return err
	}
	if e.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	e.server = e.newServer()
	go e.server.Serve(acknowledgeAtOnce(e.listener))
	e.function.mu.Lock()
	shared := e.function.sharedPort
	e.function.mu.Unlock()
	if !shared {
		if e.ports, err = e.function.config.ownPorts(); err != nil {
			return err
		}
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	if e.current != nil {
		e.deliveries <- e.current
	}
	e.started = time.Now()
	e.log.Debug("INIT_START", "runtime", e.function.config.Runtime)
	runtime := e.function.runtime
	e.process, err = startProcess(runtime.program, runtime.args, e.function.config.CodeDir, e.variables(), e.line)
	if err != nil {
		return err
	}
	e.timer = time.AfterFunc(limit, func() { e.kill(errInitTimedOut, nil) })
	if e.phase == phaseDead { // closed meanwhile
		e.process.kill()
	}
	return nil
}

// line logs a line of the process's output.
func (e *environment) line(line string) {
	line = printable(line)
	e.tail.add(line)
	e.log.Info(line)
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
	e.deliveries <- inv
	return true
}

// begin starts the clock of inv; the caller holds e.mu.
func (e *environment) begin(inv *invocation) {
	e.phase = phaseBusy
	e.current = inv
	inv.start = time.Now()
	inv.deadline = inv.start.Add(e.function.config.Timeout)
	e.timer = time.AfterFunc(e.function.config.Timeout, func() {
		e.kill(newTimeoutError(inv.id, e.function.config.Timeout), inv)
	})
	e.log.Debug("START", "requestId", inv.id, "version", latestVersion)
}

// kill ends the environment for cause, unless that no longer applies: the
// environment works on an invocation other than of, or its init phase is over. An
// invocation in progress fails at once; supervise does the rest.
func (e *environment) kill(cause error, of *invocation) {
	e.mu.Lock()
	obsolete := e.phase == phaseDead || of != nil && of != e.current || cause == errInitTimedOut && e.initialised
	if obsolete {
		e.mu.Unlock()
		return
	}
	e.phase = phaseDead
	e.cause = cause
	inv, process := e.current, e.process
	failNow := inv != nil && e.initialised && inv.progress != responseDone
	e.mu.Unlock()
	e.function.forget(e)
	if process != nil {
		process.kill()
	}
	if failNow {
		inv.fail(cause)
	}
}

// close releases everything but the process.
func (e *environment) close() {
	if e.server != nil {
		e.server.Close()
	}
	if e.tempDir != "" {
		os.RemoveAll(e.tempDir)
	}
}

func requestID(inv *invocation) string {
	if inv == nil {
		return ""
	}
	return inv.id
}

package lambda

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/guard"
)

// start runs the init phase. A failure ends the environment and the invocation that it
// was started for.
func (e *environment) start() {
	if err := e.launch(); err != nil {
		e.kill(launchError(err), nil)
	}
	go e.supervise()
}

func (e *environment) launch() (err error) {
	if e.tempDir, err = os.MkdirTemp("", "cloudfurl-environment-"); err != nil {
		return err
	}
	if e.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	e.forgetAPI = guard.While("api", e.runtimeAPI())
	e.server = e.newServer()
	go e.server.Serve(e.listener)
	if !e.function.sharesPort() {
		if e.ownPorts, err = e.function.config.newPorts(); err != nil {
			return err
		}
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	e.started = time.Now()
	e.timer = time.AfterFunc(e.function.initLimit, e.initTimedOut)
	e.values = e.variables()
	if err := e.startExtensions(); err != nil {
		return err
	}
	if err := e.startRuntime(); err != nil {
		return err
	}
	if appPort(e.ownPorts) != "" {
		e.watching.Go(e.watchPort)
	}
	return nil
}

// startRuntime starts the runtime's process; the caller holds e.mu.
func (e *environment) startRuntime() (err error) {
	if e.phase == phaseDead {
		return nil // closed meanwhile
	}
	f := e.function
	c := command{
		program: f.runtime.program, args: f.runtime.args, dir: f.config.CodeDir,
		variables: lines(e.values),
	}
	e.process, err = startProcess(c, e.tail.logTo(e.log, e.requestContext, e.ready))
	if err == nil && f.config.Adapter {
		e.startAdapter()
	}
	return err
}

// launchError returns the error of a process that couldn't be started.
func launchError(err error) error {
	var failure *FunctionError
	if errors.As(err, &failure) {
		return failure
	}
	return &FunctionError{Type: errorEntrypoint, Message: err.Error()}
}

// initTimedOut ends an environment whose init phase takes too long, or whose app may
// listen on another port than the environment's. Lambda begins the init phase again
// with the first request, in the function's timeout: here it goes on as long as that.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
func (e *environment) initTimedOut() {
	ports := e.listening()
	e.mu.Lock()
	e.ports = ports
	ignored := e.mayIgnorePort()
	rest := time.Until(e.started.Add(e.function.config.Timeout))
	goesOn := rest > 0 && e.phase == phaseInit && !ignored
	if goesOn {
		e.timer.Reset(rest)
	}
	e.mu.Unlock()
	switch {
	case goesOn:
		fault.Log(e.log, slog.LevelWarn, fmt.Sprintf("the init phase takes longer than %v", e.function.initLimit),
			"AWS begins it again with a request, in the function's timeout", "do less before the handler starts")
	case ignored:
		e.kill(errPortIgnored, nil)
	default:
		e.kill(errInitTimedOut, nil)
	}
}

package lambda

import (
	"fmt"
	"path/filepath"
	"strings"
)

// notFoundStatus is the exit status of a shell that doesn't find a program.
//
// See: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02
const notFoundStatus = "exit status 127"

// isApp reports whether the process is an app of its own, not a handler under a
// runtime.
func (c Config) isApp() bool {
	return c.Adapter || len(c.Command) > 0
}

// explainApp explains why an app wasn't ready, if that is known.
func (e *environment) explainApp(failure *FunctionError) explanation {
	port := e.port()
	switch {
	case strings.HasSuffix(failure.Message, notFoundStatus):
		return e.function.config.explainNotFound()
	case port == "": // it may use the Runtime API itself
	case failure.Type == errorExit:
		if e.tail.portInUse.Load() {
			return explanation{"the port that the app listens on is in use; each environment has a free one in PORT, here " + port,
				"let the app listen on the port in the environment variable PORT"}
		}
		return explanation{"the app's process exited before it was ready",
			"read its last lines of output; the app must run and listen on port " + port + ", the value of PORT"}
	case failure.Type == errorTimedOut:
		return e.explainUnready(port)
	}
	return explanation{}
}

// explainUnready explains that an app wasn't ready in time.
func (e *environment) explainUnready(port string) explanation {
	const limit = " within the limit of the init phase"
	cause := "nothing of it listens on port " + port
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.unready.cause != "":
		return explanation{"the app wasn't ready" + limit + ": " + e.unready.cause, e.unready.hint}
	case listensOn(e.ports, port):
		return explanation{"the app listens on port " + port + ", but wasn't ready" + limit, "let the readiness check get a response at once, or set AWS_LWA_ASYNC_INIT to true"}
	case len(e.ports) > 0:
		cause = fmt.Sprintf("it should listen on port %s, and listens on %s", port, strings.Trim(fmt.Sprint(e.ports), "[]"))
	}
	return explanation{"the app wasn't ready" + limit + ": " + cause, "let the app listen on 127.0.0.1 and the port in the environment variable PORT"}
}

// explainNotFound explains that a shell didn't find a program.
func (c Config) explainNotFound() explanation {
	if len(c.Command) > 0 {
		return explanation{"a program of the command isn't on this machine: " + strings.Join(c.Command, " "),
			"install it, or start cloudfurl with its directory in PATH, such as bin of a virtual environment"}
	}
	return explanation{"a program that " + filepath.Base(c.Handler) + " starts isn't in PATH",
		"correct the command; for what is installed in the code, write a path, or python -m NAME or npx NAME"}
}

func (e *environment) port() string {
	if port := appPort(e.ownPorts); port != "" {
		return port
	}
	return appPort(e.function.config.ports())
}

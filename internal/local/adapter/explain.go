package adapter

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An unhealthyError is a status that doesn't count as ready.
type unhealthyError struct{ status int }

func (e unhealthyError) Error() string { return fmt.Sprintf("status %d", e.status) }

// errNoAnswer is a check that hasn't ended.
var errNoAnswer = errors.New("no answer yet")

func (a *adapter) noResponse(req *http.Request, err error) error {
	if req.Context().Err() != nil {
		return err
	}
	cause, hint := a.explain(err)
	return errors.New(cause + "; " + hint)
}

// logCut logs why a stream ends too early. Lambda isn't told, and nor is the viewer.
func (a *adapter) logCut(req *http.Request, err error) {
	if req.Context().Err() == nil {
		cause, hint := a.explain(err)
		fault.Log(a.Log, slog.LevelError, "the app didn't respond to the end; the viewer gets a response that looks complete", cause, hint, "method", req.Method, "path", req.URL.RequestURI())
	}
}

func (a *adapter) explain(err error) (cause, hint string) {
	var unhealthy unhealthyError
	switch {
	case err == errNoAnswer:
		return "the app accepted the connection, but hasn't answered yet",
			"if it is still starting, wait; otherwise set AWS_LWA_READINESS_CHECK_PATH to a path that answers at once"
	case errors.As(err, &unhealthy):
		return fmt.Sprintf("the app answers %s with status %d; statuses that count as ready: %s", a.check.RequestURI(), unhealthy.status, a.healthy),
			"set AWS_LWA_READINESS_CHECK_PATH to a path that answers without an error, or add the status to AWS_LWA_READINESS_CHECK_HEALTHY_STATUS"
	case isDial(err):
		return a.explainPort()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), fault.ConnectionReset(err):
		return "the app closed the connection before its answer was complete", "look for the app's own error above"
	}
	return "the app's answer isn't HTTP: " + err.Error(), "let the port be the app's HTTP port, or set AWS_LWA_READINESS_CHECK_PROTOCOL to tcp"
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// explainPort is about a port without a listener: where the app listens instead.
func (a *adapter) explainPort() (cause, hint string) {
	port, ports := a.check.Port(), a.Listening()
	slices.Sort(ports)
	list := strings.ReplaceAll(strings.Trim(fmt.Sprint(ports), "[]"), " ", ", ")
	nothing := "nothing listens on " + a.check.Host
	switch {
	case slices.Contains(strings.Split(list, ", "), port):
		return fmt.Sprintf("the app listens on port %s, but not at %s", port, a.check.Hostname()),
			"let the app listen at " + a.check.Hostname() + " or 0.0.0.0"
	case len(ports) > 0:
		return nothing + "; the app listens on " + list, fmt.Sprintf("let the app listen on $PORT (%s), or set PORT to %d", port, ports[0])
	}
	return nothing, fmt.Sprintf("let the app listen on $PORT (%s); if it is still starting, wait, or else look for its error above", port)
}

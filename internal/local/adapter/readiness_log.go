package adapter

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A readinessWatch says why an app isn't ready yet: after two seconds, and again
// when the reason changes.
type readinessWatch struct {
	adapter *adapter
	started time.Time
	timer   *time.Timer

	mu    sync.Mutex
	since time.Time // when the last check began
	last  error     // of the last check that ended
	said  string
}

func (a *adapter) watch() *readinessWatch {
	w := &readinessWatch{adapter: a, started: time.Now()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(reportInterval, w.report)
	return w
}

// begin and end say when a check begins, and how it ended.
func (w *readinessWatch) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.since = time.Now()
}

func (w *readinessWatch) end(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.since, w.last = time.Time{}, err
}

func (w *readinessWatch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer.Stop()
	w.timer = nil
}

func (w *readinessWatch) report() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil {
		return
	}
	err := w.last
	if !w.since.IsZero() && time.Since(w.since) > reportInterval/2 {
		err = errNoAnswer
	}
	cause, cure := w.adapter.notReady(err)
	if cause != w.said {
		w.said = cause
		fault.Log(w.adapter.log, slog.LevelWarn,
			fmt.Sprintf("the app isn't ready after %v", time.Since(w.started).Round(time.Second)),
			cause, cure, "polled", w.adapter.polled())
	}
	w.timer.Reset(reportInterval)
}

// errNoAnswer is a check that hasn't ended.
var errNoAnswer = errors.New("no answer yet")

// polled returns what the readiness check does.
func (a *adapter) polled() string {
	if a.checkTCP {
		return "tcp " + a.check.Host
	}
	return "GET http://" + a.check.Host + a.check.RequestURI()
}

// notReady returns cause and cure of a check that failed.
func (a *adapter) notReady(err error) (cause, cure string) {
	var unhealthy unhealthyError
	switch {
	case err == errNoAnswer:
		return "the app accepted the connection, but hasn't answered yet",
			"if it is still starting, wait; otherwise set " + varCheckPath + " to a path that answers at once"
	case isClosed(err):
		return "the app closed the connection without an answer", lookAbove
	case errors.As(err, &unhealthy):
		return fmt.Sprintf("the app answers %s with status %d; statuses that count as ready: %s", a.check.RequestURI(), unhealthy.status, a.healthy),
			fmt.Sprintf("set %s to a path that answers without an error, or add the status to %s", varCheckPath, varHealthyStatus)
	case isDial(err):
		return a.notListening()
	}
	return "the app's answer isn't HTTP: " + err.Error(),
		"let the port be the app's HTTP port, or set " + varCheckProtocol + " to tcp"
}

// notListening is about a port without a listener: where the app listens instead.
func (a *adapter) notListening() (cause, cure string) {
	port := a.check.Port()
	cause = "nothing listens on " + a.check.Host
	var ports []string
	for _, p := range slices.Sorted(slices.Values(a.listening())) {
		ports = append(ports, strconv.Itoa(p))
	}
	switch {
	case slices.Contains(ports, port) && a.accepts():
		return a.notReady(errNoAnswer) // it listens since the check that failed
	case slices.Contains(ports, port):
		return fmt.Sprintf("the app listens on port %s, but not at %s", port, a.check.Hostname()),
			"let the app listen at " + a.check.Hostname() + " or 0.0.0.0"
	case len(ports) > 0:
		return fmt.Sprintf("%s; the app listens on %s", cause, strings.Join(ports, ", ")),
			fmt.Sprintf("let the app listen on $PORT (%s), or set PORT to %s", port, ports[0])
	}
	return cause, fmt.Sprintf("let the app listen on $PORT (%s); if it is still starting, wait", port)
}

// accepts reports whether the app accepts connections where it is checked.
func (a *adapter) accepts() bool {
	conn, err := net.DialTimeout("tcp", a.check.Host, reportInterval)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

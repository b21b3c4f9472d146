package lambda

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// registerExtension accepts an internal extension: a runtime that wants SIGTERM.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
func (e *environment) registerExtension(w http.ResponseWriter, r *http.Request) {
	var registration struct {
		Events []string `json:"events"`
	}
	if err := json.NewDecoder(r.Body).Decode(&registration); err != nil || len(registration.Events) > 0 {
		fault.Log(e.log, slog.LevelWarn, "rejected an extension",
			fmt.Sprintf("%s wants the events %v, and only internal extensions without events are supported locally", r.Header.Get("Lambda-Extension-Name"), registration.Events),
			"run without the extension")
		reject(w, http.StatusBadRequest, "Extension.InvalidEventType", "only extensions without events are supported locally")
		return
	}
	e.mu.Lock()
	e.extension = true
	e.mu.Unlock()
	config := &e.function.config
	w.Header().Set("Lambda-Extension-Identifier", NewRequestID())
	respond(w, http.StatusOK, map[string]string{
		"functionName":    config.Name,
		"functionVersion": latestVersion,
		"handler":         config.Handler,
	})
}

// extensionNext holds an internal extension until the environment ends: it gets
// no events.
func (e *environment) extensionNext(_ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
}

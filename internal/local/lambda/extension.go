package lambda

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// registerExtension takes an internal extension: a runtime that wants SIGTERM.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
func (e *environment) registerExtension(w http.ResponseWriter, r *http.Request) {
	var registration struct {
		Events []string `json:"events"`
	}
	if err := json.NewDecoder(r.Body).Decode(&registration); err != nil || len(registration.Events) > 0 {
		e.log.Warn("an extension was refused",
			"cause", fmt.Sprintf("%s wants the events %v", r.Header.Get("Lambda-Extension-Name"), registration.Events),
			"cure", "run without the extension: only internal ones without events are played here")
		refuse(w, http.StatusBadRequest, "Extension.InvalidEventType", "only extensions without events are played here")
		return
	}
	e.mu.Lock()
	e.extension = true
	e.mu.Unlock()
	config := &e.function.config
	w.Header().Set("Lambda-Extension-Identifier", newRequestID())
	respond(w, http.StatusOK, map[string]string{
		"functionName":    config.Name,
		"functionVersion": config.Version,
		"handler":         config.Handler,
	})
}

// extensionNext keeps an internal extension until the environment ends: there
// are no events for it.
func (e *environment) extensionNext(_ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
}

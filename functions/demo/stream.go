package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// A pace is the speed of the stream at /.
type pace struct {
	beforeTokens  time.Duration
	betweenTokens time.Duration
}

type messageEvent struct {
	Event   string `json:"event"`
	Message string `json:"message"`
}

type dataEvent struct {
	Event string `json:"event"`
	Index int    `json:"index"`
	Token string `json:"token"`
}

var tokens = []string{"Hello", " ", "World", "!"}

// stream sends lines of JSON, flushing each. It stops when the viewer
// disconnects.
func (p pace) stream(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "application/x-ndjson")
	header.Set(headerRequestHost, viewerHost(r))
	// Set would change the case to X-Aggregateinfo-Result.
	header["X-AggregateInfo-Result"] = []string{"OK"}
	if r.Method == http.MethodHead {
		return
	}
	send := func(after time.Duration, event any) bool {
		return pause(r.Context(), after) && sendLine(w, event) == nil
	}
	if !send(0, messageEvent{"start", "streaming begin"}) {
		return
	}
	wait := p.beforeTokens
	for index, token := range tokens {
		if !send(wait, dataEvent{"data", index, token}) {
			return
		}
		wait = p.betweenTokens
	}
	send(0, messageEvent{"end", "done"})
}

func sendLine(w http.ResponseWriter, event any) error {
	if err := json.NewEncoder(w).Encode(event); err != nil {
		return err
	}
	return http.NewResponseController(w).Flush()
}

// pause waits for d and reports whether ctx is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

package main

import (
	"context"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/ndjson"
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
	lines := ndjson.NewWriter(w, r, nil)
	defer lines.Close()
	send := func(after time.Duration, event any) bool {
		return pause(lines.Context(), after) && lines.Send(event) == nil
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

// pause waits for d and reports whether ctx is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

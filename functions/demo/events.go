package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// The bounds of /events. An hour is more than Lambda's 15 minutes: the stream
// then pauses before the deadline, and the viewer connects again.
const (
	defaultEvents   = 10
	maxEvents       = 10_000
	defaultInterval = 200    // ms
	maxInterval     = 60_000 // ms
)

// events sends the numbers from 1 to count as events, each with its number as the
// id, interval milliseconds apart. A viewer that was cut and sends the id of its
// last event gets the ones after it. With the last one it gets 204, after which
// browsers don't connect again.
//
// See: https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface
func events(w http.ResponseWriter, r *http.Request) {
	count, ok := number(w, r, "count", defaultEvents, 1, maxEvents)
	if !ok {
		return
	}
	interval, ok := number(w, r, "interval", defaultInterval, 0, maxInterval)
	if !ok {
		return
	}
	last, err := parseEventID(sse.LastEventID(r))
	switch {
	case err != nil:
		respondError(w, http.StatusBadRequest, err.Error())
		return
	case last >= count:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	stream := sse.NewWriter(w, r, nil)
	defer stream.Close()
	for n := last + 1; n <= count; n++ {
		if n > last+1 && !pause(stream.Context(), time.Duration(interval)*time.Millisecond) {
			break
		}
		event := sse.Event{ID: strconv.Itoa(n), Name: "number"}
		if stream.SendJSON(event, numberEvent{n, count}) != nil {
			return
		}
	}
	if stream.Context().Err() == context.DeadlineExceeded {
		stream.Send(sse.Event{Name: "pause", Data: "the function's time is up: connect again"})
	}
}

type numberEvent struct {
	Number int `json:"number"`
	Of     int `json:"of"`
}

// parseEventID returns the number of the last event that a viewer got, 0 for
// none.
func parseEventID(id string) (int, error) {
	if id == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(id)
	if err != nil || strconv.Itoa(n) != id || n < 1 || n > maxEvents {
		return 0, fmt.Errorf("Last-Event-ID is %q: send the id of an event of this stream, or none", id)
	}
	return n, nil
}

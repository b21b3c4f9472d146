package inspector

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// pace is how long summaries are collected before they are sent together. A request
// that begins and ends meanwhile is sent once.
const pace = 100 * time.Millisecond

// events sends summaries as they change, until the page is closed.
func (i *inspector) events(w http.ResponseWriter, r *http.Request) {
	summaries, cancel := i.log.Subscribe()
	defer cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	changed := map[int64]trace.Summary{}
	var due <-chan time.Time
	for control.Flush() == nil {
		for sent := false; !sent; {
			select {
			case <-r.Context().Done():
				return
			case s := <-summaries:
				changed[s.ID] = s
				if due == nil {
					due = time.After(pace)
				}
			case <-due:
				due, sent = nil, true
				send(w, changed)
				clear(changed)
			}
		}
	}
}

func send(w http.ResponseWriter, changed map[int64]trace.Summary) {
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		data, err := json.Marshal(changed[id])
		if err != nil {
			panic(err) // a summary is plain data
		}
		fmt.Fprintf(w, "event: request\ndata: %s\n\n", data)
	}
}

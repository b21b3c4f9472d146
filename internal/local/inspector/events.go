package inspector

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// pace is the time between two looks for summaries that have changed. A request that
// begins and ends meanwhile is sent once.
const pace = 100 * time.Millisecond

// events sends summaries as they change, until the page is closed.
func (i *inspector) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	control, tick := http.NewResponseController(w), time.NewTicker(pace)
	defer tick.Stop()
	_, state := i.log.Since(0)
	for control.Flush() == nil {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
		changed, now := i.log.Since(state)
		for _, summary := range changed {
			data, err := json.Marshal(summary)
			if err != nil {
				panic(err) // a summary is plain data
			}
			fmt.Fprintf(w, "event: request\ndata: %s\n\n", data)
		}
		state = now
	}
}

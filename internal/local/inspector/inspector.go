package inspector

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

//go:embed page
var embedded embed.FS

type inspector struct {
	log     *trace.Log
	edge    http.Handler
	address func() string
}

// New returns the handler of the page and its interface. Requests are replayed by
// edge, whose URL address returns, or "" while nothing is served.
func New(log *trace.Log, edge http.Handler, address func() string) http.Handler {
	i := &inspector{log, edge, address}
	page, err := fs.Sub(embedded, "page")
	if err != nil {
		panic(err) // the name is wrong
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(page))
	mux.HandleFunc("GET /api/requests", i.list)
	mux.HandleFunc("DELETE /api/requests", i.clear)
	mux.HandleFunc("GET /api/requests/{id}", i.one)
	mux.HandleFunc("POST /api/requests/{id}/replay", i.replay)
	mux.HandleFunc("GET /api/events", i.events)
	return guard(mux)
}

func (i *inspector) list(w http.ResponseWriter, _ *http.Request) {
	requests, _ := i.log.Since(0)
	respond(w, http.StatusOK, map[string]any{"requests": append([]trace.Summary{}, requests...), "edge": i.address()})
}

func (i *inspector) clear(w http.ResponseWriter, _ *http.Request) {
	i.log.Clear()
	w.WriteHeader(http.StatusNoContent)
}

func (i *inspector) one(w http.ResponseWriter, r *http.Request) {
	if view, ok := i.find(w, r); ok {
		respond(w, http.StatusOK, view)
	}
}

func (i *inspector) replay(w http.ResponseWriter, r *http.Request) {
	view, ok := i.find(w, r)
	if !ok {
		return
	}
	id, err := i.log.Replay(view.ID, i.edge)
	if err != nil {
		fail(w, http.StatusConflict, "can't send request %d again: %v", view.ID, err)
		return
	}
	respond(w, http.StatusOK, map[string]any{"id": id})
}

// find returns the trace that the path names, or responds with 404.
func (i *inspector) find(w http.ResponseWriter, r *http.Request) (trace.View, bool) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	view, ok := i.log.Get(id)
	if err != nil || !ok {
		fail(w, http.StatusNotFound, "there is no request %s: only the last ones are kept, until this process ends", r.PathValue("id"))
		return trace.View{}, false
	}
	return view, true
}

func fail(w http.ResponseWriter, status int, format string, args ...any) {
	respond(w, status, map[string]string{"error": fmt.Sprintf(format, args...)})
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // an error means that the page is gone
}

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

// Handler is what the clients of the tests call.
package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	mux := http.NewServeMux()
	for _, prefix := range []string{"", "/edge", "/read"} {
		mux.HandleFunc(prefix+"/inspect", inspect)
		mux.HandleFunc(prefix+"/lines", lines)
		mux.HandleFunc(prefix+"/events", events)
		mux.HandleFunc(prefix+"/ticks", ticks)
		mux.HandleFunc(prefix+"/see-other", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, cmp.Or(r.FormValue("to"), prefix+"/inspect"), http.StatusSeeOther)
		})
	}
	streamhttp.Start(mux)
}

// inspect sends what arrived.
func inspect(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"method":        r.Method,
		"length":        len(body),
		"sha256":        hex.EncodeToString(sum[:]),
		"type":          r.Header.Get("Content-Type"),
		"authorization": r.Header.Get("Authorization"),
	})
}

// lines sends a JSON value a line.
func lines(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	for i := range 3 {
		fmt.Fprintf(w, "{\"n\":%d}\n", i)
	}
}

// ticks sends an event every 10 ms after the last one that the client has, and ends after
// the ninth.
func ticks(w http.ResponseWriter, r *http.Request) {
	last, _ := strconv.Atoi(r.Header.Get("Last-Event-Id"))
	if last >= 9 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for id := last + 1; id <= 9; id++ {
		fmt.Fprintf(w, "retry: 1\nid: %d\ndata: tick\n\n", id)
		http.NewResponseController(w).Flush()
		time.Sleep(10 * time.Millisecond)
	}
}

// events sends two events after the last one that the client has, and ends after
// the fourth.
func events(w http.ResponseWriter, r *http.Request) {
	last, _ := strconv.Atoi(r.Header.Get("Last-Event-Id"))
	if last >= 4 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 1\n\n")
	for id := last + 1; id <= last+2; id++ {
		fmt.Fprintf(w, "id: %d\ndata: %s %d\n\n", id, r.Method, id)
	}
}

package main

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/sse"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

const pause = 100 * time.Millisecond

// Streams the words of the body, one a line, or as events to those who accept them.
func main() {
	streamhttp.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		words := strings.Fields(string(body))
		if r.Header.Get("Accept") == "text/event-stream" {
			sendEvents(w, r, words)
			return
		}
		for _, word := range words {
			fmt.Fprintln(w, word)
			time.Sleep(pause)
		}
	}))
}

// sendEvents sends the words after the last one that the caller has, whose number
// is its id. With 204, a caller that has all of them doesn't connect again.
func sendEvents(w http.ResponseWriter, r *http.Request, words []string) {
	last, _ := strconv.Atoi(sse.LastEventID(r)) // 0 without one
	if last >= len(words) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	events := sse.NewWriter(w, r, nil)
	defer events.Close()
	for i := max(last, 0); i < len(words); i++ {
		if events.Send(sse.Event{ID: strconv.Itoa(i + 1), Data: words[i]}) != nil {
			return
		}
		time.Sleep(pause)
	}
}

package smoke

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (f *fake) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if f.has("the types of streams are lost") {
		w.Header().Set("Content-Type", octets)
	}
	last, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	if f.has("Last-Event-ID isn't forwarded") {
		last = 0
	}
	f.sendSlowly(w, slices.Values(strings.SplitAfter(eventsAfter(last), "\n\n")))
}

func (f *fake) download(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	content := bytes.Repeat([]byte("x"), wholeDownload-72)
	sum := sha256Hex(content)
	if f.has("long streams are changed") {
		content[len(content)/2] = 'y'
	}
	w.Write(content)
	if !f.has("long streams break") {
		io.WriteString(w, "sha256 "+sum+"\n")
	}
}

func (f *fake) page(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if !f.has("policies of the handler are removed") {
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
	}
	io.WriteString(w, "<!DOCTYPE html>\n</html>\n")
}

// upload reads a body as the demo does.
func (f *fake) upload(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := json.NewEncoder(w)
	lines.Encode(map[string]string{"event": "progress"})
	lines.Encode(map[string]string{"event": "end", "sha256": sha256Hex(body)})
}

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
	if r.URL.Query().Get("count") == "1" && last == 1 {
		f.respond(w, 204)
		return
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

// status responds like the demo's /status.
func (f *fake) status(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if query.Has("wait") && !f.has("silence is never cut") {
		rejectAsCloudFront(w, 504)
		return
	}
	w.Header().Set("ETag", `"cloudfurl"`)
	w.Header().Set("Location", "inspect")
	w.Header().Set("Retry-After", "1")
	for name, broken := range map[string]bug{"ETag": "ETag is removed", "Location": "redirects lead elsewhere", "Retry-After": "Retry-After is removed"} {
		if f.has(broken) {
			w.Header().Del(name)
		}
	}
	code, _ := strconv.Atoi(query.Get("code"))
	f.respond(w, max(code, 200))
	if query.Has("fail") && f.has("streams that fail are cut") {
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// respond sends a status, and what the demo says with it if it may have a body.
func (f *fake) respond(w http.ResponseWriter, code int) {
	if f.has("empty streams lose their status") && (code == 204 || code == 304) {
		code = 200
	}
	if f.has("errors of the handler are replaced") && code >= 400 {
		rejectAsCloudFront(w, code)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	io.WriteString(w, statusBody)
}

// upload reads a body as the demo does.
func (f *fake) upload(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := json.NewEncoder(w)
	lines.Encode(map[string]string{"event": "progress"})
	lines.Encode(map[string]string{"event": "end", "sha256": sha256Hex(body)})
}

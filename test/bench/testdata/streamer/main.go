// Command streamer answers each request with as many bytes as its query says:
// /?bytes=1048576. In Lambda it runs behind a function URL, elsewhere as an
// ordinary HTTP server.
package main

import (
	"net/http"
	"strconv"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	streamhttp.Start(http.HandlerFunc(stream))
}

// stream writes pieces of 32 KB, each of which leaves when it is written.
func stream(w http.ResponseWriter, r *http.Request) {
	left, err := strconv.Atoi(r.URL.Query().Get("bytes"))
	if err != nil || left < 0 {
		http.Error(w, "say how many bytes: /?bytes=1048576", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	controller := http.NewResponseController(w)
	for piece := make([]byte, 32<<10); left > 0; left -= len(piece) {
		if _, err := w.Write(piece[:min(left, len(piece))]); err != nil {
			return
		}
		if err := controller.Flush(); err != nil {
			return
		}
	}
}

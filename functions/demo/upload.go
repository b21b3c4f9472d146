package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"

	"github.com/cloudfurl/cloudfurl/functions/ndjson"
)

// progressStep is how many bytes are read between two lines of progress.
const progressStep = 256 << 10

// An uploadLine is a line of the response to an upload. Its event is "progress", and at
// last "end" or "error".
type uploadLine struct {
	Event  string `json:"event"`
	Bytes  int64  `json:"bytes"` // of the body, until now
	SHA256 string `json:"sha256,omitempty"`
	Error  string `json:"error,omitempty"`
}

// upload reads a body piece by piece, none of which it keeps, and streams back how much
// it has read, and at the end the hash of all.
func upload(w http.ResponseWriter, r *http.Request) {
	// An ordinary server would otherwise read the rest of the body before it sends
	// anything.
	http.NewResponseController(w).EnableFullDuplex()
	lines := ndjson.NewWriter(w, r, nil)
	defer lines.Close()
	body, hash := http.MaxBytesReader(w, r.Body, maxBody), sha256.New()
	progress := uploadLine{Event: "progress"}
	for lines.Context().Err() == nil {
		n, err := io.CopyN(hash, body, progressStep)
		progress.Bytes += n
		switch {
		case err == io.EOF:
			lines.Send(uploadLine{Event: "end", Bytes: progress.Bytes, SHA256: hex.EncodeToString(hash.Sum(nil))})
			return
		case err != nil:
			lines.Send(uploadLine{Event: "error", Bytes: progress.Bytes, Error: problem(err)})
			return
		}
		lines.Send(progress)
	}
}

func problem(err error) string {
	if errors.As(err, new(*http.MaxBytesError)) {
		return tooLargeMessage
	}
	return "can't read the body: " + err.Error()
}

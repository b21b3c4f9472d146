package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"

	"github.com/cloudfurl/cloudfurl/functions/ndjson"
)

// maxBody is the size of the largest request that Lambda accepts, in bytes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxBody = 6 << 20

const tooLargeMessage = "the body is over 6 MB, the most that Lambda accepts"

const headerBodySHA256 = "X-Body-Sha256"

// echo returns the body byte for byte, with its Content-Type.
func echo(w http.ResponseWriter, r *http.Request) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	contentType := cmp.Or(r.Header.Get("Content-Type"), "application/octet-stream")
	w.Header().Set("Content-Type", contentType)
	w.Header().Set(headerBodySHA256, sha256Hex(body))
	w.Header().Set(headerRequestHost, viewerHost(r))
	w.Write(body)
}

// readBody reads the body. If it returns false, it has sent the error response.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status := http.StatusBadRequest
		if errors.As(err, new(*http.MaxBytesError)) {
			status = http.StatusRequestEntityTooLarge
		}
		respondError(w, status, problem(err))
		return nil, false
	}
	return body, true
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

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

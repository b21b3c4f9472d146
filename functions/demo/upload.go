package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"

	"github.com/cloudfurl/cloudfurl/functions/ndjson"
)

const (
	// progressStep is how many bytes are read between two lines of progress.
	progressStep = 256 << 10

	// maxParts is how many fields a form may have, as many as net/http reads.
	maxParts = 1000
)

var errManyParts = fmt.Errorf("the form has more than %d fields", maxParts)

// An uploadLine is a line of the response to an upload. Its event is "progress",
// "part" for each field of a form, "end" or "error".
type uploadLine struct {
	Event  string `json:"event"`
	Name   string `json:"name,omitempty"`  // of the field
	File   string `json:"file,omitempty"`  // name of the field's file
	Type   string `json:"type,omitempty"`  // of the field, or of the body
	Parts  int    `json:"parts,omitempty"` // number of fields
	Bytes  int64  `json:"bytes"`           // of the field, or of the body until now
	SHA256 string `json:"sha256,omitempty"`
	Error  string `json:"error,omitempty"`
}

// upload reads a body piece by piece and streams back what it has read: fields of
// forms, multipart or urlencoded, and at the end the whole body. It keeps a piece
// of it in memory, but an urlencoded form as a whole.
func upload(w http.ResponseWriter, r *http.Request) {
	// An ordinary server would otherwise read the rest of the body before it sends
	// anything, and reuses the connection only if the handler reads it.
	http.NewResponseController(w).EnableFullDuplex()
	defer skip(r.Body)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	u := &uploading{body: http.MaxBytesReader(w, r.Body, maxBody), hash: sha256.New(), end: uploadLine{Event: "end", Type: kind}}
	read := func() error { _, err := io.Copy(io.Discard, u); return err }
	switch kind {
	case "application/x-www-form-urlencoded":
		read = u.readForm
	case "multipart/form-data":
		r.Body = io.NopCloser(u)
		parts, err := r.MultipartReader()
		if err != nil {
			respondError(w, http.StatusBadRequest, "can't read the form: "+err.Error())
			return
		}
		read = func() error { return u.readParts(parts) }
	}
	u.lines = ndjson.NewWriter(w, r, nil)
	defer u.lines.Close()
	if err := read(); err != nil {
		u.lines.Send(uploadLine{Event: "error", Bytes: u.end.Bytes, Error: problem(err)})
		return
	}
	u.end.SHA256 = hexSum(u.hash)
	u.lines.Send(u.end)
}

// skip reads what is left of a body, or aborts the connection if that is much.
func skip(body io.Reader) {
	if _, err := io.CopyN(io.Discard, body, maxBody); err == nil {
		panic(http.ErrAbortHandler)
	}
}

func problem(err error) string {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return tooLargeMessage
	}
	return "can't read the body: " + err.Error()
}

// An uploading is a body that is being read.
type uploading struct {
	body  io.Reader
	hash  hash.Hash
	end   uploadLine // the last line, so far
	lines *ndjson.Writer
}

// Read reads from the body, counts, hashes and reports.
func (u *uploading) Read(p []byte) (int, error) {
	n, err := u.body.Read(p)
	u.hash.Write(p[:n])
	before := u.end.Bytes
	u.end.Bytes += int64(n)
	if before/progressStep != u.end.Bytes/progressStep {
		if gone := u.lines.Send(uploadLine{Event: "progress", Bytes: u.end.Bytes}); gone != nil {
			return n, gone
		}
	}
	return n, err
}

// sendPart reports a field and the hash of its value.
func (u *uploading) sendPart(part uploadLine, sum hash.Hash) error {
	if u.end.Parts == maxParts {
		return errManyParts
	}
	u.end.Parts++
	part.Event, part.SHA256 = "part", hexSum(sum)
	return u.lines.Send(part)
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

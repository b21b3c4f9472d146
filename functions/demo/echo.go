package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
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

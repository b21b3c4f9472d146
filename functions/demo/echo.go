package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
)

// maxBody is the largest request that Lambda delivers, in bytes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxBody = 6 << 20

const headerBodySHA256 = "X-Body-Sha256"

// echo gives the body back, byte for byte, under its own Content-Type.
func echo(w http.ResponseWriter, r *http.Request) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set(headerBodySHA256, sha256Hex(body))
	w.Header().Set(headerRequestHost, viewerHost(r))
	w.Write(body)
}

// readBody answers the request itself if it reports false.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge, "the body is over 6 MB, which is what Lambda takes")
		return nil, false
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "the body could not be read: "+err.Error())
		return nil, false
	}
	return body, true
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

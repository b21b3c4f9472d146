package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
)

const (
	defaultDownload = 1 << 20

	// maxDownload is the longest stream that Lambda sends, in bytes.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	maxDownload = 200 << 20

	// A line of content is a number and a line break.
	numberLine = 16

	// The last line is "sha256 ", the checksum in hex, and a line break.
	checksumLine = len("sha256 ") + 2*sha256.Size + 1
)

// download sends size bytes: numbered lines, the last of them cut to fit, and a
// line with the checksum of all the bytes before it.
func download(w http.ResponseWriter, r *http.Request) {
	size, ok := number(w, r, "size", defaultDownload, checksumLine+1, maxDownload)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.Method == http.MethodHead {
		return
	}
	hash := sha256.New()
	if writeNumbers(io.MultiWriter(w, hash), size-checksumLine) == nil {
		io.WriteString(w, "sha256 "+hex.EncodeToString(hash.Sum(nil))+"\n")
	}
}

// writeNumbers writes n bytes of numbered lines, and ends the last with a line
// break even if it has to cut it.
func writeNumbers(w io.Writer, n int) error {
	block := make([]byte, 32<<10)
	number := []byte("000000000000000\n")
	for n > 0 {
		filled := block[:min(n, len(block))]
		for i := 0; i < len(filled); i += numberLine {
			copy(filled[i:], number)
			increment(number[:numberLine-1])
		}
		if n -= len(filled); n == 0 {
			filled[len(filled)-1] = '\n'
		}
		if _, err := w.Write(filled); err != nil {
			return err
		}
	}
	return nil
}

// increment adds 1 to a decimal number.
func increment(digits []byte) {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i]++; digits[i] <= '9' {
			return
		}
		digits[i] = '0'
	}
}

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	lines := bufio.NewWriterSize(w, 32<<10)
	var line []byte
	for number := 0; n > 0; number++ {
		line = fmt.Appendf(line[:0], "%0*d\n", numberLine-1, number)
		if n < numberLine {
			line = append(line[:n-1], '\n')
		}
		n -= len(line)
		if _, err := lines.Write(line); err != nil {
			return err
		}
	}
	return lines.Flush()
}

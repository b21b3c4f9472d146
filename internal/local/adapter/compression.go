package adapter

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// minCompressed is the size, in bytes, from which a response is compressed.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/response-compression.html
const minCompressed = 32

// compress compresses a response, if it should be and the viewer accepts gzip, and
// says so in its headers. Where AWS's adapter chooses brotli, gzip comes next.
//
// Seen: 1.0.0-rc1.
func compress(accept string, res *http.Response, headers map[string][]string, data []byte) []byte {
	if !compressible(res) {
		return data
	}
	headers["vary"] = append(headers["vary"], "accept-encoding")
	if w := weight(accept, "gzip"); w == 0 || w < weight(accept, "identity") {
		return data
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	headers["content-encoding"] = []string{"gzip"}
	delete(headers, "content-length")
	delete(headers, "accept-ranges")
	return b.Bytes()
}

// compressible reports whether a response is long enough, or of unknown length,
// and of a type that compression helps.
func compressible(res *http.Response) bool {
	contentType := res.Header.Get("Content-Type")
	switch {
	case res.Body == http.NoBody, res.ContentLength >= 0 && res.ContentLength < minCompressed:
	case res.Header.Get("Content-Encoding") != "", res.Header.Get("Content-Range") != "":
	case strings.HasPrefix(contentType, "application/grpc"), strings.HasPrefix(contentType, "text/event-stream"):
	case strings.HasPrefix(contentType, "image/") && !strings.HasPrefix(contentType, "image/svg+xml"):
	default:
		return true
	}
	return false
}

// weight returns the weight of a coding, also by its name with x-, in an
// Accept-Encoding; 0 if it isn't there.
func weight(accept, coding string) float64 {
	for part := range strings.SplitSeq(strings.ToLower(accept), ",") {
		name, parameter, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimPrefix(strings.TrimSpace(name), "x-") != coding {
			continue
		}
		q, weighted := strings.CutPrefix(strings.TrimSpace(parameter), "q=")
		if !weighted {
			return 1
		}
		w, _ := strconv.ParseFloat(q, 64)
		return w
	}
	return 0
}

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
func compress(req *http.Request, res *http.Response, headers map[string][]string, data []byte) []byte {
	if !compressible(res) {
		return data
	}
	headers["vary"] = append(headers["vary"], "accept-encoding")
	if !prefersGzip(sentHeader(req, "accept-encoding")) {
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

// prefersGzip reports whether an Accept-Encoding has gzip with a weight that isn't
// below that of identity.
func prefersGzip(accept string) bool {
	gzip, identity := 0.0, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		coding, parameter, weighted := strings.Cut(part, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok && weighted {
			weight, _ = strconv.ParseFloat(q, 64)
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			gzip = weight
		case "identity":
			identity = weight
		}
	}
	return gzip > 0 && gzip >= identity
}

package adapter

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
)

// minCompressed is the size, in bytes, from which a response is compressed.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
const minCompressed = 32

// compress compresses a response if the viewer accepts gzip, and says so in its
// headers.
func compress(req *http.Request, res *http.Response, headers map[string][]string, data []byte) []byte {
	contentType := res.Header.Get("Content-Type")
	if !acceptsGzip(req.Header["accept-encoding"]) || res.Header.Get("Content-Encoding") != "" ||
		len(data) < minCompressed || strings.HasPrefix(contentType, "image/") {
		return data
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	headers["content-encoding"] = []string{"gzip"}
	headers["vary"] = append(headers["vary"], "accept-encoding")
	delete(headers, "content-length")
	delete(headers, "accept-ranges")
	return b.Bytes()
}

func acceptsGzip(accept []string) bool {
	return strings.Contains(strings.Join(accept, ","), "gzip")
}

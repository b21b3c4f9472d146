package exchange

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// NewResponse returns a whole response, without its body if req was a HEAD.
func NewResponse(req *http.Request, status int, header http.Header, body []byte) *http.Response {
	resp := &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Request: req, Body: http.NoBody,
	}
	if !BodyAllowed(status) {
		return resp
	}
	resp.ContentLength = int64(len(body))
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if req.Method != http.MethodHead && len(body) > 0 {
		resp.Body = io.NopCloser(bytes.NewReader(body))
	}
	return resp
}

// BodyAllowed reports whether a response with the status may have a body.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
func BodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

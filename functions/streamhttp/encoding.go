package streamhttp

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// ErrContentEncoding is the error of Write and Flush if the handler has set
// Content-Encoding on a response with a body.
var ErrContentEncoding = errors.New("streamhttp: a function URL removes Content-Encoding from a streamed response: don't compress it")

const refusal = "500 Internal Server Error: the handler compressed its response (Content-Encoding), which a streaming function URL can't pass on.\n"

// isCompression reports whether a Content-Encoding changes the body.
func isCompression(encoding string) bool {
	return encoding != "" && !strings.EqualFold(encoding, "identity")
}

// refuse sends a 500 instead of a compressed response, at once. Otherwise the
// viewer would get bytes that nothing says how to read: the function URL removes
// the header, and decodes the body or doesn't, and CloudFront has responded with
// 502s. Callers hold w.mu.
//
// Seen: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/96
// Seen: https://github.com/opennextjs/opennextjs-aws/issues/1127
func (w *responseWriter) refuse(encoding string) {
	w.log(slog.LevelError, "the handler set Content-Encoding, which a function URL removes from a streamed response: sending a 500; don't compress responses", "encoding", encoding)
	w.refused = true
	w.status = http.StatusInternalServerError
	text := refusal
	if w.request.Method == http.MethodHead {
		text = ""
	}
	headers, cookies := preludeHeader(errorHeader())
	w.response = &events.LambdaFunctionURLStreamingResponse{
		StatusCode: w.status,
		Headers:    headers,
		Cookies:    cookies,
		// Closing it ends the handler's context.
		Body: struct {
			io.Reader
			io.Closer
		}{strings.NewReader(text), w.body},
	}
	close(w.decided)
}

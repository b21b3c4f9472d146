package streamhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"

	"github.com/aws/aws-lambda-go/events"
)

// errHandlerReturned is the error of a Write after the handler has returned.
var errHandlerReturned = errors.New("streamhttp: write after the handler returned")

// A responseWriter turns a handler's calls into a prelude and a pipe. The first
// Write with data, the first Flush or the end of the handler decides the
// response; nothing is sent before.
type responseWriter struct {
	request *http.Request
	pipe    *io.PipeWriter
	body    io.ReadCloser

	decided  chan struct{} // closed when response or failure is set
	response *events.LambdaFunctionURLStreamingResponse
	failure  error

	mu      sync.Mutex
	header  http.Header // may still change
	sent    http.Header // the header at WriteHeader
	status  int         // 0 until WriteHeader
	length  int64       // the handler's Content-Length; -1 without one
	written int64
	refused bool // the response is a 500 instead of the handler's
	ended   bool
}

func newResponseWriter(request *http.Request, pipe *io.PipeWriter, body io.ReadCloser) *responseWriter {
	return &responseWriter{
		request: request,
		pipe:    pipe,
		body:    body,
		decided: make(chan struct{}),
		header:  make(http.Header),
		length:  -1,
	}
}

// Header returns the header that WriteHeader, or the first Write, fixes.
func (w *responseWriter) Header() http.Header { return w.header }

// WriteHeader fixes the status and the header without sending them. It ignores
// informational codes, which a function URL can't send, and panics if code isn't
// a status code, as net/http does.
func (w *responseWriter) WriteHeader(code int) {
	if code < 100 || code > 999 {
		panic(fmt.Sprintf("streamhttp: invalid WriteHeader code %d", code))
	}
	if code < 200 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || w.status != 0 {
		w.log(slog.LevelWarn, "ignoring a superfluous WriteHeader", "status", w.status, "ignored", code)
		return
	}
	w.begin(code)
}

// Write sends p as one chunk and returns when Lambda's client has read it.
func (w *responseWriter) Write(p []byte) (int, error) {
	if err := w.admit(p); err != nil {
		return 0, err
	}
	if len(p) == 0 || w.request.Method == http.MethodHead {
		return len(p), nil
	}
	return w.pipe.Write(p)
}

func (w *responseWriter) admit(p []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return errHandlerReturned
	}
	w.begin(http.StatusOK)
	if w.refused {
		return ErrContentEncoding
	}
	if len(p) == 0 {
		return nil
	}
	if !allowsBody(w.status) {
		return http.ErrBodyNotAllowed
	}
	if w.length >= 0 && w.written+int64(len(p)) > w.length {
		return http.ErrContentLength
	}
	w.written += int64(len(p))
	w.decide(p)
	return nil
}

// Flush sends the status and the header unless they have been sent. Nothing else
// is buffered.
func (w *responseWriter) Flush() { w.FlushError() }

// FlushError is Flush for http.ResponseController. It returns an error if the
// response was closed.
func (w *responseWriter) FlushError() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return errHandlerReturned
	}
	w.begin(http.StatusOK)
	if w.refused {
		return ErrContentEncoding
	}
	w.decide(nil)
	return context.Cause(w.request.Context())
}

// CloseNotify returns a channel that gets a value when the request's context ends.
// It is deprecated, and gin's Context.Stream needs it.
func (w *responseWriter) CloseNotify() <-chan bool {
	closed := make(chan bool, 1)
	context.AfterFunc(w.request.Context(), func() { closed <- true })
	return closed
}

// EnableFullDuplex always succeeds: the whole request is there before the
// handler starts.
func (w *responseWriter) EnableFullDuplex() error { return nil }

// begin fixes the status and header unless they are fixed. Callers hold w.mu.
func (w *responseWriter) begin(code int) {
	if w.status != 0 {
		return
	}
	w.status = code
	w.sent = w.header.Clone()
	if encoding := w.sent.Get("Content-Encoding"); isCompression(encoding) && allowsBody(code) {
		w.refuse(encoding)
		return
	}
	if value := w.sent.Get("Content-Length"); value != "" {
		length, err := strconv.ParseInt(value, 10, 64)
		if err != nil || length < 0 {
			w.log(slog.LevelWarn, "dropping an invalid Content-Length", "value", value)
			w.sent.Del("Content-Length")
			return
		}
		w.length = length
	}
}

// decide releases the response unless it was released. first is the beginning
// of its body. Callers hold w.mu.
func (w *responseWriter) decide(first []byte) {
	if w.isDecided() {
		return
	}
	_, typed := w.sent["Content-Type"]
	if !typed && len(first) > 0 {
		w.sent.Set("Content-Type", http.DetectContentType(first))
	}
	w.release(w.sent, w.body)
}

// release lets Wrap return the response. Callers hold w.mu.
func (w *responseWriter) release(header http.Header, body io.Reader) {
	headers, cookies := preludeHeader(header)
	w.response = &events.LambdaFunctionURLStreamingResponse{StatusCode: w.status, Headers: headers, Cookies: cookies, Body: body}
	close(w.decided)
}

func (w *responseWriter) isDecided() bool {
	select {
	case <-w.decided:
		return true
	default:
		return false
	}
}

// isSilent reports whether the handler hasn't set a status.
func (w *responseWriter) isSilent() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status == 0
}

// finish completes the response after the handler has returned.
func (w *responseWriter) finish() {
	w.mu.Lock()
	w.begin(http.StatusOK)
	w.decide(nil)
	w.ended = true
	var err error
	if w.written < w.length && allowsBody(w.status) && w.request.Method != http.MethodHead {
		err = fmt.Errorf("streamhttp: the handler wrote %d bytes, but its Content-Length is %d: %w", w.written, w.length, io.ErrUnexpectedEOF)
	}
	w.mu.Unlock()
	if err != nil {
		w.log(slog.LevelError, "the handler wrote less than its Content-Length: cutting the stream", "error", err.Error())
	}
	w.pipe.CloseWithError(err)
}

// abort ends the response with an error: it fails the invocation if nothing was
// sent, else it ends the stream.
func (w *responseWriter) abort(err error) {
	w.mu.Lock()
	if !w.isDecided() {
		w.failure = err
		close(w.decided)
	}
	w.ended = true
	w.mu.Unlock()
	w.pipe.CloseWithError(err)
}

// replace sends an error page instead of a response that hasn't been sent.
func (w *responseWriter) replace(code int) {
	w.mu.Lock()
	w.status, w.length, w.written = 0, -1, 0
	w.header = errorHeader()
	w.begin(code)
	w.mu.Unlock()
	io.WriteString(w, http.StatusText(code)+"\n")
	w.finish()
}

func errorHeader() http.Header {
	return http.Header{
		"Cache-Control":          {"no-store"},
		"Content-Type":           {"text/plain; charset=utf-8"},
		"X-Content-Type-Options": {"nosniff"},
	}
}

// allowsBody reports whether a final response may have a body.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
func allowsBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

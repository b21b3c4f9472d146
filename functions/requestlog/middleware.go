package requestlog

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"
)

// Middleware returns a handler that calls next and then logs a line with
// [slog.Default]:
//
//   - method, and path without its query, which may hold secrets
//   - status as the handler set it, unless it panicked before
//   - bytes of the response's body, and durationMs
//   - firstByteMs, when the handler first wrote or flushed, if it did
//   - end: "complete", "canceled" if the request's context was, "deadline" if
//     that had passed, "aborted" after [http.ErrAbortHandler] and [runtime.Goexit],
//     or "panicked"
//
// The line is an error after a panic or for a status of 500 and above, a warning
// at a deadline or after an abort, and else information. A panic goes on to the
// server, as if nothing had been in between. The line says nothing about whether
// the viewer has stayed: Lambda doesn't tell, and an ordinary server may find out
// after the handler's end.
func Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		path := r.URL.EscapedPath()
		response := &response{ResponseWriter: w, controller: http.NewResponseController(w)}
		end := "aborted" // a handler that ends its goroutine returns nothing
		defer func() {
			if value := recover(); value != nil {
				if value != http.ErrAbortHandler {
					end = "panicked"
				}
				defer panic(value)
			}
			log(r, path, response, began, end)
		}()
		next.ServeHTTP(response, r)
		end = ending(r.Context())
	})
}

// ending names the end of a handler that returned.
func ending(ctx context.Context) string {
	switch ctx.Err() {
	case nil:
		return "complete"
	case context.DeadlineExceeded:
		return "deadline"
	default:
		return "canceled"
	}
}

func log(r *http.Request, path string, response *response, began time.Time, end string) {
	status := response.status
	if status == 0 && end != "panicked" && end != "aborted" {
		status = http.StatusOK // what servers make of a handler that sends none
	}
	attributes := []slog.Attr{slog.String("method", r.Method), slog.String("path", path)}
	if status != 0 {
		attributes = append(attributes, slog.Int("status", status))
	}
	attributes = append(attributes, slog.Int64("bytes", response.bytes), slog.Float64("durationMs", milliseconds(time.Since(began))))
	if !response.first.IsZero() {
		attributes = append(attributes, slog.Float64("firstByteMs", milliseconds(response.first.Sub(began))))
	}
	attributes = append(attributes, slog.String("end", end))
	slog.LogAttrs(r.Context(), severity(status, end), "request", attributes...)
}

func severity(status int, end string) slog.Level {
	switch {
	case end == "panicked" || status >= http.StatusInternalServerError:
		return slog.LevelError
	case end == "deadline" || end == "aborted":
		return slog.LevelWarn
	default:
		return slog.LevelInfo
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// A response counts what a handler sends.
type response struct {
	http.ResponseWriter
	controller *http.ResponseController

	status int // 0 until it is set
	bytes  int64
	first  time.Time // of the first Write or Flush
}

// Unwrap is for http.ResponseController.
func (r *response) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *response) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *response) Write(p []byte) (int, error) {
	r.begin()
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Flush is for handlers that look for an http.Flusher.
func (r *response) Flush() { r.FlushError() }

// FlushError is Flush for http.ResponseController.
func (r *response) FlushError() error {
	err := r.controller.Flush()
	if err == nil {
		r.begin()
	}
	return err
}

// CloseNotify is the server's, for gin, or a channel that nothing is sent to.
func (r *response) CloseNotify() <-chan bool {
	if server, ok := r.ResponseWriter.(interface{ CloseNotify() <-chan bool }); ok {
		return server.CloseNotify()
	}
	return nil
}

func (r *response) begin() {
	r.status = cmp.Or(r.status, http.StatusOK)
	if r.first.IsZero() {
		r.first = time.Now()
	}
}

package local

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
)

// logRequests writes a line when a request ends: its method and target, the
// status, the times to the first byte and to the end, and the environment that
// ran the handler.
func logRequests(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		happened := new(exchange.Exchange)
		recorder := &recorder{ResponseWriter: w, begin: time.Now()}
		method, target := r.Method, r.URL.RequestURI()
		defer func() {
			reason := recover()
			recorder.log(r, log, method, target, happened.Summary(), reason != nil)
			if reason != nil {
				panic(reason)
			}
		}()
		next.ServeHTTP(recorder, r.WithContext(exchange.NewContext(r.Context(), happened)))
	})
}

// A recorder remembers the status, size and times of a response.
type recorder struct {
	http.ResponseWriter

	begin     time.Time
	firstByte time.Duration
	status    int
	bytes     int64
	unsent    bool // a write failed, so the viewer is gone
}

// Unwrap lets http.ResponseController flush the response.
func (r *recorder) Unwrap() http.ResponseWriter {
	return r.ResponseWriter
}

// WriteHeader notes the status. Informational ones come before it.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write notes the time of the first byte, and counts bytes.
func (r *recorder) Write(p []byte) (int, error) {
	if r.firstByte == 0 {
		r.firstByte = time.Since(r.begin)
	}
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	r.unsent = r.unsent || err != nil
	return n, err
}

func (r *recorder) log(request *http.Request, log *slog.Logger, method, target string, summary exchange.Summary, aborted bool) {
	total := time.Since(r.begin)
	if r.firstByte == 0 {
		r.firstByte = total
	}
	var attributes []slog.Attr
	// A response that was cut before it began has neither.
	if r.status != 0 || !aborted {
		attributes = append(attributes,
			slog.Int("status", cmp.Or(r.status, http.StatusOK)),
			slog.Duration("first_byte", r.firstByte.Round(100*time.Microsecond)))
	}
	attributes = append(attributes,
		slog.Duration("total", total.Round(100*time.Microsecond)),
		slog.Int64("bytes", r.bytes))
	if summary.Environment != "" {
		start := "warm"
		if summary.Cold {
			start = "cold"
		}
		attributes = append(attributes, slog.String("environment", summary.Environment), slog.String("start", start))
	}
	if summary.CacheKey != "" {
		attributes = append(attributes, slog.String("cache_key", fault.Shorten(summary.CacheKey)))
	}
	switch {
	case r.unsent, aborted && request.Context().Err() != nil:
		attributes = append(attributes, slog.String("end", "the viewer left"))
	case aborted:
		attributes = append(attributes, slog.String("end", "cut off"))
	}
	if summary.Rejected != "" {
		attributes = append(attributes, slog.String("rejected", summary.Rejected))
	}
	log.LogAttrs(request.Context(), slog.LevelInfo, method+" "+fault.Shorten(target), attributes...)
}

package local

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
)

// maxLoggedTarget is how much of a path and query the log shows, in bytes.
const maxLoggedTarget = 200

// logRequests writes one line for each request that next serves, when it ends:
// what was asked, what came of it, how long the first byte and the whole took,
// and which environment answered.
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

// A recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter

	begin     time.Time
	firstByte time.Duration
	status    int
	bytes     int64
	unsent    bool // a write failed: nobody reads
}

// Unwrap lets http.ResponseController flush the answer.
func (r *recorder) Unwrap() http.ResponseWriter {
	return r.ResponseWriter
}

// WriteHeader notes the status of the answer. Informational ones come before it.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write notes when the first byte of the body was written, and how many.
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
	// An answer that was broken off before it began has neither.
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
	switch {
	case r.unsent, aborted && request.Context().Err() != nil:
		attributes = append(attributes, slog.String("end", "the viewer left"))
	case aborted:
		attributes = append(attributes, slog.String("end", "broken off"))
	}
	if summary.Refused != "" {
		attributes = append(attributes, slog.String("refused", summary.Refused))
	}
	if len(target) > maxLoggedTarget {
		target = fmt.Sprintf("%s… (%d bytes)", target[:maxLoggedTarget], len(target))
	}
	log.LogAttrs(request.Context(), slog.LevelInfo, method+" "+target, attributes...)
}

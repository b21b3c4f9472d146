package local

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// logRequests records each request in traces, and writes a line when it ends: its
// method and target, the status, the times to the first byte and to the end, the
// environment that ran the handler, and cause and hint if the viewer doesn't get the
// handler's response. With whole, the line has the trace too.
func logRequests(next http.Handler, traces *trace.Log, whole bool, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := traces.Begin(r)
		w, r = t.Record(w, r)
		defer func() {
			reason := recover()
			t.End(reason != nil)
			s := t.Summary()
			line := attributes(s)
			if whole {
				line = append(line, slog.Any("trace", t.View()))
			}
			log.LogAttrs(r.Context(), s.Level, s.Method+" "+fault.Shorten(s.Target), line...)
			if reason != nil {
				panic(reason)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// attributes are those of the line of a request.
func attributes(s trace.Summary) (line []slog.Attr) {
	add := func(key, value string) {
		if value != "" {
			line = append(line, slog.String(key, value))
		}
	}
	rounded := func(ms float64) time.Duration {
		return time.Duration(ms * float64(time.Millisecond)).Round(100 * time.Microsecond)
	}
	// A response that was cut before it began has neither.
	if s.Status != 0 {
		line = append(line, slog.Int("status", s.Status), slog.Duration("first_byte", rounded(s.FirstByteMs)))
	}
	line = append(line, slog.Duration("total", rounded(s.TotalMs)), slog.Int64("bytes", s.Bytes))
	if s.ID > 0 {
		line = append(line, slog.Int64("id", s.ID))
	}
	add("environment", s.Environment)
	add("start", s.Start)
	add("cache_key", fault.Shorten(s.CacheKey))
	add("end", s.End)
	add("cause", s.Cause)
	add("hint", s.Hint)
	return line
}

// explainWebSockets logs that WebSockets aren't opened, once for each path: browsers try
// again and again.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
func explainWebSockets(next http.Handler, log *slog.Logger) http.Handler {
	var said sync.Map
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			if _, again := said.LoadOrStore(r.URL.Path, true); !again {
				fault.Log(log, slog.LevelWarn, "no WebSocket is opened at "+fault.Shorten(r.URL.Path),
					"function URLs and REST APIs have no WebSockets, so the handler gets a plain request", "stream server-sent events, or use a WebSocket API of API Gateway")
			}
		}
		next.ServeHTTP(w, r)
	})
}

// keepLocalhostPlain removes Strict-Transport-Security from responses of localhost
// and names below it. A browser would remember it for a year, for every port of the
// name, and so for every other server that a developer starts there. For addresses
// browsers ignore it.
//
// See: https://www.rfc-editor.org/rfc/rfc6797#section-8.1.1
func keepLocalhostPlain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, _ := hostname(r.Host); r.TLS != nil && (name == "localhost" || strings.HasSuffix(name, ".localhost")) {
			w = &plainWriter{w}
		}
		next.ServeHTTP(w, r)
	})
}

type plainWriter struct{ http.ResponseWriter }

// Unwrap lets http.ResponseController reach the connection.
func (w *plainWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader sends the headers.
func (w *plainWriter) WriteHeader(status int) {
	w.Header().Del("Strict-Transport-Security")
	w.ResponseWriter.WriteHeader(status)
}

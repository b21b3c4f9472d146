package trace

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
)

// stream is the stage from the headers of the response to its end.
const stream = "stream"

// Record returns a writer and a request that record what the viewer gets and sends.
// The request's context carries the trace.
func (t *Trace) Record(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *http.Request) {
	r = r.WithContext(NewContext(r.Context(), t))
	if t.whole = r.Body == nil || r.Body == http.NoBody; !t.whole && t.log != nil {
		r.Body = &recordedBody{r.Body, t}
	}
	return &writer{w, t}, r
}

// End records that the handler of the request has returned, or panicked.
func (t *Trace) End(aborted bool) {
	t.mu.Lock()
	v := &t.view
	v.Done, v.TotalMs = true, t.now()
	v.FirstByteMs = cmp.Or(v.FirstByteMs, v.TotalMs)
	if v.Status == 0 && !aborted {
		v.Status = http.StatusOK
	}
	if v.Status >= http.StatusInternalServerError {
		v.Level = slog.LevelError
	}
	outcome := Cut
	switch {
	case t.unsent, aborted && t.sent.Context().Err() != nil:
		v.End = "the viewer left"
	case aborted:
		v.End = "cut off"
	default:
		outcome = Passed
	}
	t.flushed()
	for s := t.open(); s != nil; s = t.open() {
		if s.Name == stream && v.Bytes > 0 {
			s.Facts = [][2]string{{"bytes", fmt.Sprint(v.Bytes)}, {"chunks", fmt.Sprint(len(v.Chunks) + v.ChunksDropped)}}
		}
		s.close(outcome)
	}
	t.mu.Unlock()
	if t.log != nil {
		t.log.ended(t)
		t.touch()
	}
}

type writer struct {
	http.ResponseWriter

	trace *Trace
}

// Unwrap lets http.ResponseController reach the connection.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader records the status. Informational ones come before it.
func (w *writer) WriteHeader(status int) {
	t := w.trace
	if status >= http.StatusOK && t.view.Status == 0 {
		t.mu.Lock()
		t.view.Status = status
		handled := t.log != nil && t.view.Cause == ""
		if t.log != nil {
			t.header = maps.Clone(w.Header())
		}
		t.mu.Unlock()
		if handled {
			t.Enter(In, stream, "", "")
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// shortest is more than no time, in milliseconds: Windows' clock stands still for up to 16.
const shortest = 0.001

// Write records the time of the first byte, and the bytes.
func (w *writer) Write(p []byte) (int, error) {
	t := w.trace
	if t.view.Status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	at := t.now()
	n, err := w.ResponseWriter.Write(p)
	t.mu.Lock()
	first := t.view.FirstByteMs == 0
	if first {
		t.view.FirstByteMs = max(at, shortest)
	}
	t.view.Bytes += int64(n)
	t.unsent = t.unsent || err != nil
	if t.log != nil {
		if t.pending.Bytes == 0 {
			t.pending.Ms = at
		}
		t.pending.Bytes += int64(n)
		t.view.Response.keep(p[:n])
	}
	t.mu.Unlock()
	if first {
		t.touch()
	}
	return n, err
}

// FlushError sends what was written: one chunk. It may wait for a viewer who reads
// slowly, and nobody who looks at the trace waits too.
func (w *writer) FlushError() error {
	t, err := w.trace, http.NewResponseController(w.ResponseWriter).Flush()
	t.mu.Lock()
	t.flushed()
	t.mu.Unlock()
	t.touch()
	return err
}

// flushed ends a chunk; the caller holds t.mu.
func (t *Trace) flushed() {
	if t.pending.Bytes > 0 && len(t.view.Chunks) < maxChunks {
		t.view.Chunks = append(t.view.Chunks, t.pending)
	} else if t.pending.Bytes > 0 {
		t.view.ChunksDropped++
	}
	t.pending = Chunk{}
}

func (m *Message) keep(p []byte) {
	m.BodyBytes += int64(len(p))
	m.start = append(m.start, p[:min(len(p), maxBody-len(m.start))]...)
}

// A recordedBody records what a viewer sends.
type recordedBody struct {
	io.ReadCloser

	trace *Trace
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	t := b.trace
	defer t.lock()()
	t.view.Request.keep(p[:n])
	t.whole = err == io.EOF || t.view.Request.BodyBytes == t.sent.ContentLength
	return n, err
}

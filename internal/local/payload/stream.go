package payload

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"

	"golang.org/x/time/rate"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// errTooLong ends a streamed response at Lambda's limit.
var errTooLong = errors.New("the streamed response exceeds Lambda's limit of 200 MB")

// throttleStep is the most that a throttled stream sends at once, in bytes.
const throttleStep = 64 << 10

// A Stream is what a function streams. When the function fails, the viewer sees a
// stream that ends as if complete.
//
// Seen: after an error or a panic in the middle, a complete 200.
type Stream struct {
	// Rest is what was read with the prelude, and Body what follows it.
	Rest []byte
	Body io.ReadCloser

	// Limit is how long the body may be, in bytes.
	Limit int64

	// Free is what is sent at full speed, in bytes, and Rate how many bytes a second
	// after that. Rate's default: 0, all is sent at full speed.
	Free int64
	Rate int

	// Log gets a line if the stream ends too early.
	Log *slog.Logger
}

// Response returns the response to a request that has the stream as its body. The
// body that a function may write for a HEAD, a 204 or a 304 is read and dropped.
func (s Stream) Response(req *http.Request, status int, header http.Header) *http.Response {
	body := &stream{Stream: s, req: req, status: status}
	if s.Rate > 0 {
		body.limiter = rate.NewLimiter(rate.Limit(s.Rate), throttleStep)
	}
	resp := &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Request: req, ContentLength: -1, Body: body,
	}
	if !exchange.BodyAllowed(status) {
		resp.ContentLength = 0
	}
	if req.Method == http.MethodHead || !exchange.BodyAllowed(status) {
		resp.Body = drained{body}
	}
	return resp
}

// A stream reads a Stream.
type stream struct {
	Stream

	req     *http.Request
	status  int
	sent    int64
	limiter *rate.Limiter // nil if not throttled
	ended   error         // what Read returns from now on
	close   sync.Once
}

// Ready reports whether the body's first bytes came with the prelude.
func (s *stream) Ready() bool { return len(s.Rest) > 0 }

func (s *stream) Read(p []byte) (int, error) {
	if s.ended != nil {
		return 0, s.ended
	}
	if s.limiter != nil {
		p = p[:min(len(p), throttleStep)]
	}
	room := s.Limit - s.sent
	n, err := s.next(p)
	if int64(n) > room {
		n, err = int(room), errTooLong
	}
	s.sent += int64(n)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		s.ended = io.EOF
	case s.req.Context().Err() != nil:
		s.ended = s.req.Context().Err()
	default:
		s.broke(err)
		s.ended = io.EOF
	}
	if err := s.wait(n); err != nil && s.ended == nil {
		s.ended = err
	}
	if n > 0 {
		return n, nil
	}
	return 0, s.ended
}

func (s *stream) broke(err error) {
	hint := cmp.Or(fault.HintOf(err), "fix the function") + "; end each stream with a final line, so that clients can tell whether they have all of it"
	cause := fmt.Sprintf("the stream broke after %d bytes, and the viewer saw a complete %d: %v", s.sent, s.status, err)
	trace.FromContext(s.req.Context()).Reject(s.Log, 0, cause, hint)
}

func (s *stream) next(p []byte) (int, error) {
	if len(s.Rest) > 0 {
		n := copy(p, s.Rest)
		s.Rest = s.Rest[n:]
		return n, nil
	}
	return s.Body.Read(p)
}

// wait delays the stream until the last n bytes are within the rate.
func (s *stream) wait(n int) error {
	if over := min(int64(n), s.sent-s.Free); s.limiter != nil && over > 0 {
		return s.limiter.WaitN(s.req.Context(), int(over))
	}
	return nil
}

func (s *stream) Close() (err error) {
	s.close.Do(func() { err = s.Body.Close() })
	return err
}

// A drained stream is read to its end and dropped.
type drained struct{ *stream }

// Read waits for the end of the stream.
func (d drained) Read([]byte) (int, error) {
	_, err := io.Copy(io.Discard, d.stream)
	if err == nil {
		err = io.EOF
	}
	return 0, err
}

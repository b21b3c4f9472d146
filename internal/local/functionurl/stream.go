package functionurl

import (
	"context"
	"errors"
	"io"
	"sync"

	"golang.org/x/time/rate"
)

// errStreamTooLarge ends a streamed response at Lambda's limit.
var errStreamTooLarge = errors.New("the streamed response exceeds Lambda's limit of 200 MB")

// throttleStep is the most that a throttled stream sends at once, in bytes.
const throttleStep = 64 << 10

// A stream is the body of a streamed response. When the function fails, the
// viewer sees a stream that ends as if complete.
//
// Seen: after an error or a panic in the middle, a complete 200.
type stream struct {
	ctx     context.Context
	rest    []byte // what was read with the prelude
	body    io.ReadCloser
	sent    int64
	limits  limits
	limiter *rate.Limiter // nil if not throttled
	broken  func(sent int64, err error)
	ended   error // what Read returns from now on
	close   sync.Once
}

func newStream(ctx context.Context, rest []byte, body io.ReadCloser, l limits, throttle bool, broken func(int64, error)) *stream {
	s := &stream{ctx: ctx, rest: rest, body: body, limits: l, broken: broken}
	if throttle {
		s.limiter = rate.NewLimiter(rate.Limit(l.rate), throttleStep)
	}
	return s
}

// Read reads what the function has sent.
func (s *stream) Read(p []byte) (int, error) {
	if s.ended != nil {
		return 0, s.ended
	}
	if s.limiter != nil {
		p = p[:min(len(p), throttleStep)]
	}
	room := s.limits.stream - s.sent
	n, err := s.next(p)
	if int64(n) > room {
		n, err = int(room), errStreamTooLarge
	}
	s.sent += int64(n)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		s.ended = io.EOF
	case s.ctx.Err() != nil:
		s.ended = s.ctx.Err()
	default:
		s.broken(s.sent, err)
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

func (s *stream) next(p []byte) (int, error) {
	if len(s.rest) > 0 {
		n := copy(p, s.rest)
		s.rest = s.rest[n:]
		return n, nil
	}
	return s.body.Read(p)
}

// wait delays the stream until the last n bytes are within the rate.
func (s *stream) wait(n int) error {
	if over := min(int64(n), s.sent-s.limits.free); s.limiter != nil && over > 0 {
		return s.limiter.WaitN(s.ctx, int(over))
	}
	return nil
}

// Close closes the function's response.
func (s *stream) Close() (err error) {
	s.close.Do(func() { err = s.body.Close() })
	return err
}

// A drained stream is read to its end and dropped: the body that a function may
// write for a HEAD, a 204 or a 304.
type drained struct{ *stream }

// Read waits for the end of the stream.
func (d drained) Read([]byte) (int, error) {
	_, err := io.Copy(io.Discard, d.stream)
	if err == nil {
		err = io.EOF
	}
	return 0, err
}

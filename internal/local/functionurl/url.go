package functionurl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
)

// RoundTrip serves one request, whoever sent it: req.Host, or else the host of
// its URL, is what was signed. The response's body is the stream itself; close
// it, early if the viewer leaves. An error is the request's context that
// ended: everything else is a response, as it is on AWS. RoundTrip reads and
// closes the request's body and changes nothing else in it.
func (u *URL) RoundTrip(req *http.Request) (*http.Response, error) {
	now := time.Now()
	id := ids{request: newRequestID(), trace: traceID(req.Header.Get("X-Amzn-Trace-Id"), now)}
	resp, err := u.serve(req, &id, now)
	if err != nil {
		return nil, err
	}
	resp.Header.Set("X-Amzn-Requestid", id.request)
	resp.Header.Set("X-Amzn-Trace-Id", id.trace)
	if u.config.CORS != nil && !isPreflight(req) {
		u.config.CORS.apply(resp.Header, req.Header.Get("Origin"))
	}
	return resp, nil
}

func (u *URL) serve(req *http.Request, id *ids, now time.Time) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	if u.config.CORS != nil && isPreflight(req) {
		return newResponse(req, http.StatusOK, u.config.CORS.preflight(req.Header.Get("Origin")), nil), nil
	}
	body, err := readBody(req, u.limits.event)
	switch {
	case req.Context().Err() != nil:
		return nil, req.Context().Err()
	case errors.Is(err, errTooLarge):
		return u.refuse(req, tooLarge(), fmt.Sprintf("the request's body is over Lambda's limit of %d bytes", u.limits.event), "send less, or upload to S3 and send the key"), nil
	case err != nil:
		return u.refuse(req, badRequest("Could not read the request body"), "the request's body could not be read: "+err.Error(), "send the whole body"), nil
	}
	caller, refused := u.authorize(req, body)
	if refused != nil {
		return refused, nil
	}
	event, err := u.newEvent(req, body, caller, *id, now)
	if err != nil {
		return u.refuse(req, badRequest(err.Error()), "the request has no event: "+err.Error(), "report this request"), nil
	}
	if len(event) > u.limits.event {
		return u.refuse(req, tooLarge(), fmt.Sprintf("the event of the request has %d bytes, with the body in base64 unless it is text, and Lambda takes %d", len(event), u.limits.event),
			"send less than 4.5 MB of binary data, or upload to S3 and send the key"), nil
	}
	return u.invoke(req, event, id)
}

// invoke runs the function and returns its answer as a response.
func (u *URL) invoke(req *http.Request, event []byte, id *ids) (*http.Response, error) {
	ctx := context.WithValue(req.Context(), idsKey{}, *id)
	answer, err := u.config.Function.Invoke(ctx, event)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if busy := Throttled(nil); errors.As(err, &busy) {
			return u.refuse(req, throttled(busy.ThrottleReason()), busy.Error(), "raise the function's reserved concurrency, or send fewer requests at once"), nil
		}
		return u.failed(req, "the function failed before its first byte", err), nil
	}
	if answer.RequestID != "" {
		id.request = answer.RequestID
	}
	exchange.FromContext(ctx).Handled(answer.Environment, id.request, answer.Cold)
	if u.config.InvokeMode == InvokeModeBuffered {
		return u.buffered(req, answer)
	}
	return u.streamed(req, answer)
}

func (u *URL) buffered(req *http.Request, answer *Response) (*http.Response, error) {
	defer answer.Body.Close()
	head, body, err := readBuffered(answer.Body, u.limits.buffered)
	if err != nil {
		if req.Context().Err() != nil {
			return nil, req.Context().Err()
		}
		return u.failed(req, "the function gave no answer that a URL with InvokeMode BUFFERED can send", err), nil
	}
	return newResponse(req, head.status, head.responseHeaders(false, "application/json"), body), nil
}

// streamed returns a response whose head is the prelude's; without a prelude
// the answer is the body of a 200, whatever is in it.
// Seen: an envelope of statusCode and body arrives verbatim.
// Inferred: the content type is then the runtime's, and application/octet-stream without one.
func (u *URL) streamed(req *http.Request, answer *Response) (*http.Response, error) {
	head, rest := prelude{status: http.StatusOK}, []byte(nil)
	contentType, err := "application/octet-stream", error(nil)
	if hasPrelude(answer.ContentType) {
		head, rest, err = readPrelude(answer.Body, u.limits.prelude)
	} else {
		if answer.ContentType != "" {
			contentType = answer.ContentType
		}
		rest, err = firstBytes(answer.Body)
	}
	if err != nil {
		answer.Body.Close()
		if req.Context().Err() != nil {
			return nil, req.Context().Err()
		}
		return u.failed(req, "the function gave no answer that a URL with InvokeMode RESPONSE_STREAM can send", err), nil
	}
	if encoding, ok := head.isCompressed(); ok {
		u.compressed.Do(func() {
			u.log.WarnContext(req.Context(), "a streamed answer lost its Content-Encoding",
				"cause", "a function URL strips Content-Encoding ("+encoding+") from streamed answers, and leaves the body compressed",
				"cure", "remove Accept-Encoding from the request before it reaches the function, or do not compress there")
		})
	}
	h := head.responseHeaders(true, contentType)
	body := newStream(req.Context(), rest, answer.Body, u.limits, u.config.Throttle, func(sent int64, err error) {
		u.log.ErrorContext(req.Context(), fmt.Sprintf("stream broke after %d bytes: %v, the viewer saw a complete %d", sent, err, head.status),
			"path", req.URL.Path, "cause", err.Error(), "cure", "fix the function; end a stream with a line of its own, so that clients can tell whether they have all of it")
	})
	resp := &http.Response{
		Status: strconv.Itoa(head.status) + " " + http.StatusText(head.status), StatusCode: head.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Request: req, ContentLength: -1, Body: body,
	}
	if !bodyAllowed(head.status) {
		resp.ContentLength = 0
	}
	if req.Method == http.MethodHead || !bodyAllowed(head.status) {
		resp.Body = drained{body}
	}
	return resp, nil
}

// refuse answers instead of the function, and says in the log what the caller
// is not told.
func (u *URL) refuse(req *http.Request, r refusal, cause, cure string) *http.Response {
	u.log.WarnContext(req.Context(), "the function URL refused a request", "method", method(req), "path", req.URL.Path, "status", r.status, "cause", cause, "cure", cure)
	exchange.FromContext(req.Context()).Refuse(cause)
	return r.response(req)
}

// failed answers for a function that gave no answer.
func (u *URL) failed(req *http.Request, what string, err error) *http.Response {
	u.log.ErrorContext(req.Context(), what, "method", method(req), "path", req.URL.Path, "status", http.StatusBadGateway, "cause", err.Error(), "cure", "look at what the function logged before this line")
	exchange.FromContext(req.Context()).Refuse(what + ": " + err.Error())
	return badGateway().response(req)
}

var errTooLarge = errors.New("too large")

// readBody reads a body of up to limit bytes.
func readBody(req *http.Request, limit int) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	if req.ContentLength > int64(limit) {
		return nil, errTooLarge
	}
	body := make([]byte, 0, max(512, req.ContentLength+1))
	for {
		n, err := req.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > limit:
			return nil, errTooLarge
		case err == io.EOF:
			return body, nil
		case err != nil:
			return nil, err
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}

// firstBytes waits for a byte of the answer, for until then it may be a 502.
func firstBytes(r io.Reader) ([]byte, error) {
	buf := make([]byte, 4<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			return buf[:n], nil // an error comes again
		}
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

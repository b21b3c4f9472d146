package functionurl

import (
	"cmp"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// RoundTrip serves one request to the URL's own domain. The response's body is the
// stream itself; the caller must close it, at once if the viewer leaves. An error is
// that of the request's context: everything else is a response, as on AWS.
// RoundTrip reads and closes the request's body and leaves the rest of the request
// alone.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
// (a forwarded Host can keep function URLs from working)
// Seen: a request with another Host is rejected (aws/aws-cdk#20090).
// Inferred: with the response to a caller without a permission.
func (u *URL) RoundTrip(req *http.Request) (*http.Response, error) {
	return u.roundTrip(req, false)
}

// roundTrip serves one request, which was signed for req.Host or else the host of
// its URL. With anyName, that needn't be the URL's domain.
func (u *URL) roundTrip(req *http.Request, anyName bool) (*http.Response, error) {
	now := time.Now()
	ids := lambda.InvokeOptions{RequestID: lambda.NewRequestID(), TraceID: payload.TraceID(req.Header.Get("X-Amzn-Trace-Id"), now)}
	resp, err := u.serve(req, ids, now, anyName)
	if err != nil {
		return nil, err
	}
	resp.Header.Set("X-Amzn-Requestid", ids.RequestID)
	resp.Header.Set("X-Amzn-Trace-Id", ids.TraceID)
	if u.config.CORS != nil && !isPreflight(req) && u.config.CORS.apply(resp.Header, req.Header.Get("Origin")) {
		u.corsTwice.Do(func() {
			fault.Log(u.log, slog.LevelWarn, "browsers reject a response with two sets of CORS headers",
				"the function sets Access-Control-* headers, and the function URL's Cors adds its own",
				"set them in one place: in the function, or in Cors", "path", req.URL.Path)
		})
	}
	return resp, nil
}

// ServeHTTP serves a call over HTTP, by any name.
func (u *URL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	exchange.Serve(func(req *http.Request) (*http.Response, error) { return u.roundTrip(req, true) }, w, r)
}

func (u *URL) serve(req *http.Request, ids lambda.InvokeOptions, now time.Time, anyName bool) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	stage := trace.FromContext(req.Context()).Enter(trace.In, "function URL", u.config.Path, "")
	if host := cmp.Or(req.Host, req.URL.Host); !anyName && !strings.EqualFold(host, u.domain) {
		return u.reject(req, forbidden(), "Host is "+host+", and Lambda accepts "+u.domain+" only",
			"don't forward Host: use the origin request policy AllViewerExceptHostHeader"), nil
	}
	if u.config.CORS != nil && isPreflight(req) {
		stage.Leave(trace.Answered)
		return exchange.NewResponse(req, http.StatusOK, u.config.CORS.preflight(req.Header.Get("Origin")), nil), nil
	}
	event, rejected, err := u.receive(req, ids, now)
	if event == nil {
		return rejected, err
	}
	stage.Leave(trace.Passed)
	return u.invoke(req, event, ids)
}

// invoke runs the function and turns its result into a response.
func (u *URL) invoke(req *http.Request, event lambda.Event, ids lambda.InvokeOptions) (*http.Response, error) {
	ctx := req.Context()
	ids.Trace = trace.FromContext(ctx)
	result, err := u.config.Invoke(ctx, event, ids)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if busy := new(lambda.ThrottledError); errors.As(err, &busy) {
			return u.reject(req, throttled(busy.Reason), busy.Error(), busy.Hint()), nil
		}
		return u.failed(req, "the function failed before its first byte", err), nil
	}
	if u.config.InvokeMode == InvokeModeBuffered {
		return u.buffered(req, result)
	}
	return u.streamed(req, result)
}

func (u *URL) buffered(req *http.Request, result *lambda.Response) (*http.Response, error) {
	defer result.Body.Close()
	head, body, err := readBuffered(result.Body, u.limits.buffered)
	if err != nil {
		if req.Context().Err() != nil {
			return nil, req.Context().Err()
		}
		return u.failed(req, "the function returned an invalid response for a URL with InvokeMode BUFFERED", err), nil
	}
	return exchange.NewResponse(req, head.Status, head.ViewerHeader(droppedBuffered, remapped, "application/json"), body), nil
}

// streamed returns a response whose head is the prelude's. A result without a
// prelude is the body of a 200, whatever it contains.
// Seen: an envelope of statusCode and body arrives verbatim.
// Inferred: the content type is then the runtime's, or application/octet-stream.
func (u *URL) streamed(req *http.Request, result *lambda.Response) (*http.Response, error) {
	head, rest := payload.Head{Status: http.StatusOK}, []byte(nil)
	contentType, err := "application/octet-stream", error(nil)
	if payload.HasPrelude(result.ContentType) {
		head, rest, err = readPrelude(result.Body, u.limits.prelude)
	} else {
		contentType = cmp.Or(result.ContentType, contentType)
		rest, err = firstBytes(result.Body)
	}
	if err != nil {
		result.Body.Close()
		if req.Context().Err() != nil {
			return nil, req.Context().Err()
		}
		return u.failed(req, "the function returned an invalid response for a URL with InvokeMode RESPONSE_STREAM", err), nil
	}
	if encoding, ok := isCompressed(head); ok {
		u.compressed.Do(func() {
			fault.Log(u.log, slog.LevelWarn, "a streamed response lost its Content-Encoding",
				"a function URL strips Content-Encoding ("+encoding+") from streamed responses, and leaves the body compressed",
				"remove Accept-Encoding from the request before it reaches the function, or don't compress there", "path", req.URL.Path)
		})
	}
	stream := payload.Stream{Rest: rest, Body: result.Body, Limit: u.limits.stream, Free: u.limits.free, Log: u.log}
	if u.config.Throttle {
		stream.Rate = u.limits.rate
	}
	return stream.Response(req, head.Status, head.ViewerHeader(droppedStreamed, remapped, contentType)), nil
}

func readPrelude(r io.Reader, limit int) (payload.Head, []byte, error) {
	prelude, rest, err := payload.ReadPrelude(r, limit)
	if err != nil {
		return payload.Head{}, nil, err
	}
	head, err := parsePrelude(prelude)
	return head, rest, err
}

// reject responds instead of the function, and records what the caller isn't told.
func (u *URL) reject(req *http.Request, r rejection, cause, hint string) *http.Response {
	trace.FromContext(req.Context()).Reject(u.log, r.status, cause, hint)
	return r.response(req)
}

// failed responds for a function that failed.
func (u *URL) failed(req *http.Request, what string, err error) *http.Response {
	return u.reject(req, badGateway(), what+": "+err.Error(), cmp.Or(fault.HintOf(err), "read what the function logged"))
}

// firstBytes waits for a byte of the body; until then the response may be a 502.
func firstBytes(r io.Reader) ([]byte, error) {
	buf := make([]byte, 4<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			return buf[:n], nil // an error is returned again
		}
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// remapped are the response headers of a function that a viewer gets under
// another name.
//
// Seen: www-authenticate on every function URL, content-length on streamed
// responses (cargo-lambda#862); connection, date and server on API Gateway.
// Inferred: function URLs remap those three too.
var remapped = headers.Set("Connection", "Content-Length", "Date", "Server", "Www-Authenticate")

// What viewers don't get of buffered and of streamed responses. A buffered one has
// the length of its body.
// Seen: content-encoding is stripped from streamed responses (opennextjs-aws#1127).
var (
	droppedBuffered = headers.Set("Content-Length", "X-Amzn-Requestid", "X-Amzn-Trace-Id")
	droppedStreamed = headers.Set("Content-Encoding", "X-Amzn-Requestid", "X-Amzn-Trace-Id")
)

// isCompressed returns the encoding that the function declared, and whether it did.
func isCompressed(head payload.Head) (string, bool) {
	value := head.Header.Get("Content-Encoding")
	return value, value != "" && !strings.EqualFold(value, "identity")
}

package cloudfront

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"
)

// A timeoutError is the reason for which the edge itself ends a request to an
// origin.
type timeoutError struct {
	what       string
	limit      time.Duration
	connecting bool // so the origin got nothing
}

func (e *timeoutError) Error() string { return e.what + " of " + e.limit.String() }

// fetch sends the request to the origin. GET and HEAD are retried if no response
// came; the other methods only if the connection failed.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-request-timeout
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#custom-origin-timeout-attempts
func (d *Distribution) fetch(handler) handler { return d.fetchFor }

func (d *Distribution) fetchFor(v *visit) *response {
	v.trace.Fact("host", v.outgoing.URL.Host)
	var err error
	for attempt := range v.origin.ConnectionAttempts {
		var resp *response
		var touched bool
		resp, touched, err = d.ask(v)
		switch {
		case resp != nil:
			return d.limitResponse(v, resp)
		case v.ctx.Err() != nil:
			return nil
		case touched || !isRead(v.request.method) && !unconnected(err):
			return d.originFailed(v, err, attempt+1)
		}
		d.log.Info("retrying the request to the origin", "path", v.request.uri, "attempt", attempt+1, "cause", err.Error())
	}
	return d.originFailed(v, err, v.origin.ConnectionAttempts)
}

// ask sends the request once. touched reports whether its body was read, so that
// it can't be sent again.
func (d *Distribution) ask(v *visit) (resp *response, touched bool, err error) {
	ctx, cancel := context.WithCancelCause(v.ctx)
	watch := newWatch(cancel, v.origin)
	out := v.outgoing.WithContext(watch.trace(ctx))
	sent := &sentBody{ReadCloser: v.outgoing.Body, watch: watch}
	if v.outgoing.ContentLength != 0 {
		out.Body = sent
	}
	watch.packet.Reset(v.origin.ReadTimeout)
	got, err := v.origin.Transport.RoundTrip(out)
	sent.answered()
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		watch.stop()
		cancel(nil)
		return nil, sent.touched.Load(), err
	}
	resp = &response{status: got.StatusCode, header: got.Header.Clone(), length: contentLength(got), fromOrigin: true}
	if got.Body == nil || got.Body == http.NoBody {
		watch.stop()
		cancel(nil)
		return resp, true, nil
	}
	resp.body = newOriginBody(got.Body, watch, ctx, cancel)
	return resp, true, nil
}

// contentLength returns the length that the origin declared, -1 if it did not.
// A transport in process may leave ContentLength zero for a body that streams.
func contentLength(r *http.Response) int64 {
	if declared := r.Header.Get("Content-Length"); declared != "" {
		if n, err := strconv.ParseInt(declared, 10, 64); err == nil && n >= 0 {
			return n
		}
	}
	if r.ContentLength > 0 {
		return r.ContentLength
	}
	return -1
}

// unconnected reports whether the connection failed, so that the origin got nothing.
func unconnected(err error) bool {
	if timeout, ok := errors.AsType[*timeoutError](err); ok {
		return timeout.connecting
	}
	operation, ok := errors.AsType[*net.OpError](err)
	return ok && operation.Op == "dial"
}

// originFailed responds for an origin that didn't.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-504-gateway-timeout.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html
func (d *Distribution) originFailed(v *visit, err error, attempts int) *response {
	r := rejection{
		status: http.StatusBadGateway,
		cause:  "the origin " + v.origin.DomainName + " can't be reached: " + err.Error(),
		hint:   "check that the origin runs and responds with HTTP",
	}
	if _, ok := errors.AsType[*timeoutError](err); ok {
		r.status = http.StatusGatewayTimeout
		r.cause = err.Error() + ", after " + strconv.Itoa(attempts) + " attempt(s)"
		r.hint = "respond sooner, send a first byte early, or raise OriginReadTimeout (up to 120 s)"
	}
	return d.reject(v, r)
}

package cloudfront

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"time"
)

// Reasons for which the edge itself ends a request to an origin.
var (
	errResponseTimeout   = errors.New("the origin did not answer within its response timeout")
	errConnectTimeout    = errors.New("the origin could not be connected to within its connection timeout")
	errCompletionTimeout = errors.New("the origin's answer was not complete within its response completion timeout")
)

// fetch asks the origin. GET and HEAD are asked again if no answer came; the
// other methods only if the origin could not be connected to.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-request-timeout
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#custom-origin-timeout-attempts
func (d *Distribution) fetch(v *visit) *response {
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
			return d.refuseUnanswered(v, err, attempt+1)
		}
		d.log.Info("asking the origin again", "path", v.request.uri, "attempt", attempt+1, "cause", err.Error())
	}
	return d.refuseUnanswered(v, err, v.origin.ConnectionAttempts)
}

// ask asks once. touched reports whether the request's body was read, so that
// there is nothing left to ask with.
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
		return nil, sent.wasTouched(), err
	}
	if got.Header == nil {
		got.Header = http.Header{}
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

// unconnected reports whether err came before the origin got anything.
func unconnected(err error) bool {
	if errors.Is(err, errConnectTimeout) {
		return true
	}
	operation, ok := errors.AsType[*net.OpError](err)
	return ok && operation.Op == "dial"
}

// refuseUnanswered answers for an origin that did not.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-504-gateway-timeout.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html
func (d *Distribution) refuseUnanswered(v *visit, err error, attempts int) *response {
	r := refusal{
		status: http.StatusBadGateway,
		cause:  "the origin " + v.origin.ID + " could not be reached: " + err.Error(),
		cure:   "check that the origin runs and answers with HTTP",
	}
	if errors.Is(err, errResponseTimeout) || errors.Is(err, errConnectTimeout) || errors.Is(err, errCompletionTimeout) {
		r.status = http.StatusGatewayTimeout
		r.cause = err.Error() + " of " + v.origin.timeoutFor(err).String() + ", asked " + strconv.Itoa(attempts) + " time(s)"
		r.cure = "answer sooner, send a first byte early, or raise OriginReadTimeout (up to 120 s)"
	}
	return d.refuse(v, r)
}

func (o *Origin) timeoutFor(err error) time.Duration {
	switch err {
	case errConnectTimeout:
		return o.ConnectionTimeout
	case errCompletionTimeout:
		return o.ResponseCompletionTimeout
	}
	return o.ReadTimeout
}

// trace bounds the time to connect, for transports that connect.
func (w *watch) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		ConnectStart: func(string, string) { w.connect.Reset(w.origin.ConnectionTimeout) },
		ConnectDone:  func(string, string, error) { w.connect.Stop() },
	})
}

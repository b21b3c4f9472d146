package cloudfront

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// runOriginFunctions runs the Lambda@Edge functions at origin-request and
// origin-response. The latter sees all responses of the origin, errors too, but
// no others.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-cloudfront-trigger-events.html
func (d *Distribution) runOriginFunctions(next handler) handler {
	return func(v *visit) *response {
		if f, ok := v.behavior.Edge[OriginRequest]; ok {
			if resp, done := d.edgeRequest(v, OriginRequest, f, &v.forwarded); done {
				return resp
			}
		}
		resp := next(v)
		f, ok := v.behavior.Edge[OriginResponse]
		if resp == nil || !ok || !resp.fromOrigin {
			return resp
		}
		return d.edgeResponse(v, OriginResponse, f, v.forwarded, resp)
	}
}

// edgeRequest runs a function on a request. It is done with the request if the
// function failed or generated the response; a nil one means that the viewer
// has left.
func (d *Distribution) edgeRequest(v *visit, event EventType, f EdgeAssociation, req *request) (resp *response, done bool) {
	var shown *shownBody
	if f.IncludeBody {
		shown = new(shownBody)
		// Seen: the body of a DELETE is empty here (sst#6430, sst#6427), although the
		// guide lists DELETE among the methods whose body is shown. A function that
		// works without it works either way.
		if req.method != http.MethodDelete {
			var err error
			if shown, err = v.peek(&req.body, edgeLimit[event]); err != nil {
				return d.unread(v, err), true
			}
		}
	}
	result, err := d.invoke(v, event, f, *req, shown, nil)
	if err != nil {
		return d.edgeFailed(v, event, f, err), true
	}
	if result.generated() {
		if resp, err = result.response(event); err != nil {
			return d.edgeFailed(v, event, f, err), true
		}
		if resp.status >= http.StatusBadRequest {
			message, hint := result.explanation()
			v.leave(trace.Answered, v.state())
			v.trace.Reject(d.log, resp.status, fmt.Sprintf("%s at %s responded with %d%s", f.label(event), event, resp.status, message), hint)
		}
		return resp, true
	}
	origin := v.origin
	if event == OriginRequest && result.Origin != nil {
		if origin, err = d.changeOrigin(v.origin, result.Origin); err != nil {
			return d.edgeFailed(v, event, f, err), true
		}
	}
	replacement, replaced, err := result.applyTo(req, event)
	if err == nil && origin != v.origin {
		err = origin.repeatedHeader(req.header, v.origin)
	}
	if err != nil {
		return d.edgeFailed(v, event, f, err), true
	}
	v.origin = origin
	if replaced {
		req.replaceBody(replacement)
	}
	return nil, false
}

// A shownBody is the part of a request's body that a function sees.
type shownBody struct {
	body *spool.Body // nil: nothing
	cut  bool        // there is more
}

// peek returns up to limit bytes from the start of a body, which can still be read
// whole.
func (v *visit) peek(b *body, limit int) (*shownBody, error) {
	if b.length == 0 {
		return new(shownBody), nil
	}
	start, rest, err := spool.Read(b.ReadCloser, int64(limit))
	if err != nil {
		return nil, err
	}
	again := start.Reader()
	v.kept = append(v.kept, again)
	whole := io.Reader(again)
	if rest != nil {
		whole = io.MultiReader(again, rest)
	}
	b.ReadCloser = readCloser{whole, b.ReadCloser}
	return &shownBody{start, rest != nil}, nil
}

// unread ends a visit whose body couldn't be read: nearly always, the viewer has
// left.
func (d *Distribution) unread(v *visit, err error) *response {
	full := new(fault.Error)
	if !errors.As(err, &full) {
		return nil
	}
	return d.reject(v, rejection{status: http.StatusServiceUnavailable, cause: full.Error(), hint: full.Hint})
}

type readCloser struct {
	io.Reader
	io.Closer
}

// replaceBody sends a function's body instead of the viewer's.
func (r *request) replaceBody(data []byte) {
	r.body = body{readCloser{bytes.NewReader(data), r.body.ReadCloser}, int64(len(data))}
	r.header.Del("Transfer-Encoding")
	r.header["Content-Length"] = []string{strconv.Itoa(len(data))}
}

// edgeResponse runs a function on a response.
func (d *Distribution) edgeResponse(v *visit, event EventType, f EdgeAssociation, req request, resp *response) *response {
	result, err := d.invoke(v, event, f, req, nil, resp)
	if err == nil {
		err = result.applyToResponse(resp, event)
	}
	if err != nil {
		resp.close()
		return d.edgeFailed(v, event, f, err)
	}
	return resp
}

// applyToResponse applies what a function returned to a response.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-generating-http-responses.html#lambda-updating-http-responses
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-status-codes
// Inferred: at viewer-response a changed status or body is an invalid result.
func (r *edgeResult) applyToResponse(resp *response, event EventType) error {
	if !r.generated() {
		return invalid("it has no status")
	}
	status, err := r.status()
	if err != nil {
		return err
	}
	header, err := r.Headers.header()
	if err != nil {
		return err
	}
	seen := headers.Visible(resp.header)
	if err := headers.Check(header, seen, headers.ReadOnlyForLambda(string(event))); err != nil {
		return invalid(err.Error())
	}
	body, given, err := r.responseBody()
	if err != nil {
		return err
	}
	if event == ViewerResponse && (status != resp.status || given) {
		return invalid("it changed the status or the body, which functions can't at viewer-response")
	}
	if given {
		if err := r.limit(event, header); err != nil {
			return err
		}
		resp.replaceBody(body)
	}
	resp.status = status
	resp.header = headers.Restore(header, seen, resp.header)
	return nil
}

// invoke runs a function and reads its result.
func (d *Distribution) invoke(v *visit, event EventType, f EdgeAssociation, req request, shown *shownBody, resp *response) (*edgeResult, error) {
	payload, err := d.newEdgeEvent(v, event, req, shown, resp)
	if err != nil {
		return nil, err
	}
	data, err := f.Function(v.ctx, payload)
	if err != nil {
		return nil, err
	}
	return parseEdgeResult(data)
}

func (f EdgeAssociation) label(event EventType) string { return cmp.Or(f.Name, string(event)) }

// edgeFailed responds for a Lambda@Edge function.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-testing-debugging.html#lambda-edge-testing-debugging-failure-type
func (d *Distribution) edgeFailed(v *visit, event EventType, f EdgeAssociation, err error) *response {
	who := "the Lambda@Edge function " + f.label(event) + " at " + string(event)
	return d.failed(v, "Lambda", who, cmp.Or(fault.HintOf(err), "read what the function logged"), err, errors.Is(err, errInvalid))
}

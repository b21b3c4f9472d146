package cloudfront

import (
	"context"
	"errors"
	"net/http"
)

// A ViewerFunction is a CloudFront Function at a viewer event.
type ViewerFunction interface {
	// Invoke runs the function. An error that wraps ErrInvalidResult gives the
	// viewer 502, any other 503. It must return when ctx ends.
	Invoke(ctx context.Context, event ViewerEvent) (ViewerResult, error)
}

// ErrInvalidResult is wrapped by a ViewerFunction whose code ran and returned
// what is neither a request nor a response.
var ErrInvalidResult = errors.New("the function returned neither a request nor a response")

// A ViewerEvent is what a CloudFront Function gets.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
type ViewerEvent struct {
	Type                                              EventType
	DistributionDomainName, DistributionID, RequestID string

	// ViewerIP is the viewer's address, without a port.
	ViewerIP string

	Request FunctionRequest

	// Response is nil at viewer-request.
	Response *FunctionResponse
}

// A FunctionRequest is the request in an event, or the one that a function
// returns.
type FunctionRequest struct {
	// Method cannot be changed.
	Method string

	// URI is the path, escaped as the viewer wrote it; QueryString is the rest,
	// without its question mark.
	URI, QueryString string

	// Header has Host and Cookie in it, and not the headers that functions do
	// not see. The function may change the map it gets.
	Header http.Header
}

// A FunctionResponse is the response in an event, or the one that a function
// returns.
type FunctionResponse struct {
	StatusCode int

	// StatusDescription is shown to functions; HTTP/2 has no place for it, and
	// net/http none for another than the usual.
	StatusDescription string

	// Header has one Set-Cookie per cookie.
	Header http.Header

	// Body replaces the body, or is the body of a generated response.
	// Default, nil: the body stays as it is.
	Body []byte
}

// A ViewerResult is what a CloudFront Function returned: Request to go on, or
// Response to answer.
type ViewerResult struct {
	Request  *FunctionRequest
	Response *FunctionResponse
}

// runViewerFunctions runs what is attached to viewer-request and
// viewer-response. The latter does not see errors, nor what the former
// generates.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-status-codes
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-cloudfront-trigger-events.html
func (d *Distribution) runViewerFunctions(next handler) handler {
	return func(v *visit) *response {
		if f := v.behavior.ViewerRequest; f != nil {
			if resp, answered := d.viewerRequest(v, f); answered {
				return resp
			}
		} else if f, ok := v.behavior.Edge[ViewerRequest]; ok {
			if resp, answered := d.edgeRequest(v, ViewerRequest, f, &v.request); answered {
				return resp
			}
		}
		resp := next(v)
		if resp == nil || resp.status >= http.StatusBadRequest {
			return resp
		}
		if f := v.behavior.ViewerResponse; f != nil {
			return d.viewerResponse(v, f, resp)
		}
		if f, ok := v.behavior.Edge[ViewerResponse]; ok {
			return d.edgeResponse(v, ViewerResponse, f, v.request, resp)
		}
		return resp
	}
}

func (d *Distribution) viewerEvent(v *visit, event EventType) ViewerEvent {
	return ViewerEvent{
		Type:                   event,
		DistributionDomainName: d.config.DomainName,
		DistributionID:         d.config.ID,
		RequestID:              v.id,
		ViewerIP:               v.ip,
		Request: FunctionRequest{
			Method: v.request.method, URI: v.request.uri, QueryString: toUTF8(v.request.query),
			Header: visible(v.request.header).Clone(),
		},
	}
}

// viewerRequest runs a CloudFront Function on the request.
func (d *Distribution) viewerRequest(v *visit, f ViewerFunction) (resp *response, answered bool) {
	result, err := f.Invoke(v.ctx, d.viewerEvent(v, ViewerRequest))
	got := visible(v.request.header)
	switch {
	case err != nil:
		return d.functionFailed(v, ViewerRequest, err), true
	case result.Response != nil:
		if err := result.Response.check(ViewerRequest, nil); err != nil {
			return d.functionFailed(v, ViewerRequest, err), true
		}
		return result.Response.generated(), true
	case result.Request == nil:
		return d.functionFailed(v, ViewerRequest, ErrInvalidResult), true
	}
	changed := result.Request
	if changed.Method != v.request.method {
		return d.functionFailed(v, ViewerRequest, invalid("it changed the method, which is read-only")), true
	}
	header, err := canonical(changed.Header)
	if err != nil {
		return d.functionFailed(v, ViewerRequest, err), true
	}
	if err := checkHeaders(ViewerRequest, got, header); err != nil {
		return d.functionFailed(v, ViewerRequest, invalid(err.Error())), true
	}
	if err := v.request.changeURL(changed.URI, changed.QueryString); err != nil {
		return d.functionFailed(v, ViewerRequest, err), true
	}
	v.request.header = withHidden(header, got, v.request.header)
	return nil, false
}

// viewerResponse runs a CloudFront Function on the response.
func (d *Distribution) viewerResponse(v *visit, f ViewerFunction, resp *response) *response {
	event := d.viewerEvent(v, ViewerResponse)
	got := visible(resp.header)
	event.Response = &FunctionResponse{
		StatusCode: resp.status, StatusDescription: http.StatusText(resp.status), Header: got.Clone(),
	}
	result, err := f.Invoke(v.ctx, event)
	if err == nil && result.Response == nil {
		err = ErrInvalidResult
	}
	if err == nil {
		err = result.Response.check(ViewerResponse, got)
	}
	if err != nil {
		resp.close()
		return d.functionFailed(v, ViewerResponse, err)
	}
	resp.status = result.Response.StatusCode
	resp.header = withHidden(result.Response.Header, got, resp.header)
	if body := result.Response.Body; body != nil {
		resp.replaceBody(body)
	}
	return resp
}

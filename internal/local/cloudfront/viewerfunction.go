package cloudfront

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
)

// runViewerFunctions runs the functions at viewer-request and viewer-response.
// The latter sees neither errors nor what the former generates.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-status-codes
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-cloudfront-trigger-events.html
func (d *Distribution) runViewerFunctions(next handler) handler {
	return func(v *visit) *response {
		if f := v.behavior.ViewerRequest; f != nil {
			if resp, done := d.viewerRequest(v, f); done {
				return resp
			}
		} else if f, ok := v.behavior.Edge[ViewerRequest]; ok {
			if resp, done := d.edgeRequest(v, ViewerRequest, f, &v.request); done {
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

func (v *visit) functionRequest() *cffunction.Request {
	r := v.request
	return &cffunction.Request{ID: v.id, ViewerIP: v.ip, Method: r.method, URI: r.uri, RawQuery: r.query, ForceQuery: r.mark, Header: r.header}
}

// viewerRequest runs a CloudFront Function on the request. It is done with the
// request if the function failed or generated the response.
func (d *Distribution) viewerRequest(v *visit, f *cffunction.Function) (resp *response, done bool) {
	v.setCloudFrontHeaders(v.request.header)
	result, err := f.ViewerRequest(v.ctx, v.functionRequest())
	if err == nil && result.Request != nil && result.Request.Origin != nil {
		v.origin, err = d.updateOrigin(v.origin, result.Request.Origin)
	}
	switch {
	case err != nil:
		return d.functionFailed(v, ViewerRequest, err), true
	case result.Response != nil:
		return generated(result.Response), true
	}
	changed := result.Request
	v.request.uri, v.request.query, v.request.mark, v.request.header = changed.URI, changed.RawQuery, changed.ForceQuery, changed.Header
	return nil, false
}

// generated returns the response that a CloudFront Function generated.
//
// Seen: Server: CloudFront and X-Cache: FunctionGeneratedResponse from cloudfront.
func generated(r *cffunction.Response) *response {
	resp := &response{status: r.StatusCode, header: r.Header, xCache: "FunctionGeneratedResponse", final: true}
	add(resp.header, "Server", serverName, false)
	resp.replaceBody(r.Body)
	return resp
}

// viewerResponse runs a CloudFront Function on the response.
func (d *Distribution) viewerResponse(v *visit, f *cffunction.Function, resp *response) *response {
	result, err := f.ViewerResponse(v.ctx, v.functionRequest(), &cffunction.Response{
		StatusCode: resp.status, StatusDescription: http.StatusText(resp.status), Header: resp.header,
	})
	if err != nil {
		resp.close()
		return d.functionFailed(v, ViewerResponse, err)
	}
	// Inferred: custom error responses are for errors of the origin, not for those
	// that a function sets.
	resp.final = resp.final || result.StatusCode != resp.status
	resp.status, resp.header = result.StatusCode, result.Header
	if result.HasBody {
		resp.replaceBody(result.Body)
	}
	return resp
}

func (r *response) replaceBody(body []byte) {
	r.close()
	r.body, r.length = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// functionFailed responds for a CloudFront Function.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-disallowed-headers
// Seen: "502 FunctionValidationError" for disallowed headers.
// Inferred: X-Cache, from that of Lambda@Edge.
func (d *Distribution) functionFailed(v *visit, event EventType, err error) *response {
	failed, ok := errors.AsType[*cffunction.Error](err)
	rejected := ok && failed.Code == cffunction.ValidationError || errors.Is(err, errInvalid)
	return d.failed(v, "Function", "the CloudFront Function at "+string(event), "correct the function: it must not throw or run long", err, rejected)
}

// failed responds for an edge function that failed, with 503, or whose result
// CloudFront rejects, with 502.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-lambda-validation-error.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-503-service-unavailable.html#http-503-lambda-execution-error
func (d *Distribution) failed(v *visit, kind, who, hint string, err error, rejected bool) *response {
	if v.ctx.Err() != nil {
		return nil
	}
	r := rejection{status: http.StatusServiceUnavailable, xCache: kind + "ExecutionError", cause: who + " failed: " + err.Error(), hint: hint}
	if rejected {
		r.status, r.xCache = http.StatusBadGateway, kind+"ValidationError"
		r.cause, r.hint = who+": "+err.Error(), "return the event's request or response with allowed changes only"
	}
	return d.reject(v, r)
}

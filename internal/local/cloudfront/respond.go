package cloudfront

import (
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// pop is X-Amz-Cf-Pop, the place that answered: on AWS three letters of an
// airport and a number.
const pop = "LOC50-L1"

// limitResponse rejects a response whose headers are too large, and removes those
// that end at a proxy.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#ResponseCustomRemovedHeaders
// and https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
// Inferred: the status.
func (d *Distribution) limitResponse(v *visit, resp *response) *response {
	size := headerSize(resp.header)
	if size > maxHeaders {
		resp.close()
		return d.reject(v, rejection{
			status: http.StatusBadGateway,
			cause:  "the origin's headers have " + strconv.Itoa(size) + " bytes, and CloudFront accepts " + strconv.Itoa(maxHeaders),
			hint:   "send fewer or shorter headers, Set-Cookie above all",
		})
	}
	headers.RemoveConnection(resp.header)
	maps.DeleteFunc(resp.header, func(name string, _ []string) bool {
		return headers.HopByHop(name) && name != "Proxy-Authenticate"
	})
	return resp
}

// addResponseHeaders applies the response headers policy.
//
// Inferred: it applies after the viewer-response function, and to CloudFront's
// errors too.
func (d *Distribution) addResponseHeaders(next handler) handler {
	return func(v *visit) *response {
		policy := v.behavior.ResponseHeadersPolicy
		resp := next(v)
		if resp != nil && policy != nil {
			policy.apply(resp.header, v.request.method, v.corsOrigin, v.corsMethod)
		}
		return resp
	}
}

// respond sends a response to the viewer, each piece as it arrives.
func (d *Distribution) respond(w http.ResponseWriter, v *visit, resp *response) {
	defer resp.close()
	header := w.Header()
	maps.Copy(header, resp.header)
	// net/http frames the body by its length, whatever a function wrote.
	header.Del("Content-Length")
	header.Del("Transfer-Encoding")
	hasBody := exchange.BodyAllowed(resp.status)
	if resp.length >= 0 && hasBody {
		header["Content-Length"] = []string{strconv.FormatInt(resp.length, 10)}
	}
	header["X-Cache"] = []string{resp.outcome() + " from cloudfront"}
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#ResponseCustomRemovedHeaders
	header["Via"] = []string{"1.1 " + d.host + " (CloudFront)"}
	header["X-Amz-Cf-Pop"] = []string{pop}
	header["X-Amz-Cf-Id"] = []string{v.id}
	w.WriteHeader(resp.status)
	if resp.body == nil || !hasBody || v.request.method == http.MethodHead {
		return
	}
	d.stream(w, v, resp)
}

// stream sends the body. A viewer that leaves ends the request to the origin.
//
// Inferred: when the origin breaks off, the viewer's connection is cut, since a
// chunked response that isn't complete must not look complete. AWS says only
// that CloudFront returns what it got and doesn't cache it.
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#ResponseCustomDroppedTCPConnections
func (d *Distribution) stream(w http.ResponseWriter, v *visit, resp *response) {
	if resp.length < 0 && !exchange.Ready(resp.body) {
		// The headers of a stream go out before its first byte exists, and otherwise with it.
		http.NewResponseController(w).Flush()
	}
	sent, err := exchange.Send(w, resp.body)
	if err == nil && resp.length >= 0 && sent != resp.length {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != exchange.ErrLeft {
		d.breakOff(v, err, sent)
	}
}

// breakOff cuts the viewer's connection.
func (d *Distribution) breakOff(v *visit, err error, sent int64) {
	if v.ctx.Err() == nil {
		hint := "see the log of the origin for what ended it"
		if strings.Contains(err.Error(), "response timeout") {
			hint = "write something, such as a heartbeat, before each OriginReadTimeout ends"
		}
		cause := "the origin broke off after " + strconv.FormatInt(sent, 10) + " bytes: " + err.Error()
		v.trace.Reject(d.log, 0, cause, hint)
	}
	panic(http.ErrAbortHandler)
}

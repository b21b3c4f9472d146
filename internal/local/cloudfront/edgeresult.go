package cloudfront

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// Limits on bodies at Lambda@Edge, by event.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-request-body
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
// Inferred: KB and MB are 1,024 and 1,048,576 bytes.
var edgeLimit = map[EventType]int{
	ViewerRequest:  40 << 10,
	OriginRequest:  1 << 20,
	OriginResponse: 1 << 20,
	ViewerResponse: 40 << 10,
}

// errInvalid is wrapped by the reason for which CloudFront rejects a result.
var errInvalid = errors.New("CloudFront rejects the function's result")

func invalid(why string) error { return fmt.Errorf("%w: %s", errInvalid, why) }

// edgeResult is what a Lambda@Edge function returned: a request, or with a
// status a response.
type edgeResult struct {
	Body         json.RawMessage `json:"body"`
	BodyEncoding string          `json:"bodyEncoding"`
	Headers      edgeHeaders     `json:"headers"`
	Method       string          `json:"method"`
	Origin       *edgeOrigin     `json:"origin"`
	QueryString  string          `json:"querystring"`
	URI          string          `json:"uri"`

	// Status may be a string, as AWS writes it.
	// Inferred: or a number.
	Status json.Number `json:"status"`
}

// parseEdgeResult reads a result. Its error wraps errInvalid.
func parseEdgeResult(data []byte) (*edgeResult, error) {
	if trimmed := bytes.TrimSpace(data); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil, invalid("it isn't an object")
	}
	var result edgeResult
	if err := json.Unmarshal(data, &result); err != nil {
		return nil, invalid(err.Error())
	}
	return &result, nil
}

func (r *edgeResult) generated() bool { return r.Status != "" }

// present reports whether a field was given and isn't null.
func present(field json.RawMessage) bool { return len(field) > 0 && string(field) != "null" }

func (r *edgeResult) status() (int, error) {
	status, err := strconv.Atoi(string(r.Status))
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-generating-http-responses-in-requests.html
	if err != nil || status < 200 || status > 599 {
		return 0, invalid("the status " + string(r.Status) + " is outside 200–599")
	}
	return status, nil
}

// responseBody returns the body of a response that a function returned, and
// whether there is one.
func (r *edgeResult) responseBody() (body []byte, given bool, err error) {
	if !present(r.Body) {
		return nil, false, nil
	}
	var text string
	if err := json.Unmarshal(r.Body, &text); err != nil {
		return nil, false, invalid("the body of the response isn't a string")
	}
	body, err = decodeBody(text, cmp.Or(r.BodyEncoding, "text"))
	return body, true, err
}

func decodeBody(data, encoding string) ([]byte, error) {
	decoded, err := cffunction.DecodeBody(data, encoding)
	if err != nil {
		return nil, invalid(err.Error())
	}
	return decoded, nil
}

// response returns the response that a function generated at a request event.
func (r *edgeResult) response(event EventType) (*response, error) {
	status, err := r.status()
	if err != nil {
		return nil, err
	}
	header, err := r.Headers.header()
	if err != nil {
		return nil, err
	}
	// Inferred: these are rejected because they are read-only in requests.
	if err := headers.Check(header, nil, []string{"Content-Length", "Transfer-Encoding", "Via"}); err != nil {
		return nil, invalid(err.Error())
	}
	if err := r.limit(event, header); err != nil {
		return nil, err
	}
	body, _, err := r.responseBody()
	if err != nil {
		return nil, err
	}
	if event == ViewerRequest && status == http.StatusNoContent && len(body) > 0 {
		return nil, invalid("it has the status 204 and a body")
	}
	add(header, "Server", serverName, false)
	resp := &response{status: status, header: header, xCache: "LambdaGeneratedResponse", final: event == ViewerRequest}
	resp.replaceBody(body)
	return resp, nil
}

// explanation returns the message and the hint of an error in JSON, as body_hasher
// sends it.
func (r *edgeResult) explanation() (message, hint string) {
	var body struct {
		Error struct{ Message, Hint string }
	}
	if text, _, err := r.responseBody(); err != nil || json.Unmarshal(text, &body) != nil || body.Error.Message == "" {
		return "", ""
	}
	return ": " + strings.TrimSuffix(body.Error.Message, "."), strings.TrimSuffix(body.Error.Hint, ".")
}

// limit rejects a response that is too large, headers and body together.
//
// Inferred: a base64 body counts as it is written.
func (r *edgeResult) limit(event EventType, header http.Header) error {
	size := len(r.Body)
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	if size > edgeLimit[event] {
		return invalid(fmt.Sprintf("the response has %d bytes, and CloudFront accepts %d at %s", size, edgeLimit[event], event))
	}
	return nil
}

// applyTo applies what a function returned to a request. It returns the decoded
// body that replaces the viewer's, if any.
func (r *edgeResult) applyTo(req *request, event EventType) (replacement []byte, replaced bool, err error) {
	if r.URI == "" || r.Headers == nil {
		return nil, false, invalid("it has no status, so it must be a request, but uri or headers are missing")
	}
	if r.Method != "" && r.Method != req.method {
		return nil, false, invalid("it changed the method, which is read-only")
	}
	header, err := r.Headers.header()
	if err != nil {
		return nil, false, err
	}
	seen := headers.Visible(req.header)
	if err := headers.Check(header, seen, headers.ReadOnlyForLambda(string(event))); err != nil {
		return nil, false, invalid(err.Error())
	}
	if err := req.changeURL(r.URI, r.QueryString); err != nil {
		return nil, false, err
	}
	replacement, replaced, err = r.requestBody()
	if err != nil {
		return nil, false, err
	}
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-request-body
	if limit := edgeLimit[event]; len(replacement) > limit {
		return nil, false, invalid(fmt.Sprintf("the body of the request has %d bytes, and CloudFront accepts %d at %s", len(replacement), limit, event))
	}
	req.header = headers.Restore(header, seen, req.header)
	return replacement, replaced, nil
}

// requestBody returns the body that replaces the viewer's.
func (r *edgeResult) requestBody() ([]byte, bool, error) {
	if !present(r.Body) {
		return nil, false, nil
	}
	var body struct {
		Action   string `json:"action"`
		Data     string `json:"data"`
		Encoding string `json:"encoding"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return nil, false, invalid("the body of the request isn't an object of action, encoding and data")
	}
	switch body.Action {
	case "", "read-only":
		return nil, false, nil
	case "replace":
	default:
		return nil, false, invalid("the action of the body is " + strconv.Quote(body.Action) + ", not read-only or replace")
	}
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html#request-event-fields
	decoded, err := decodeBody(body.Data, cmp.Or(body.Encoding, "base64"))
	return decoded, err == nil, err
}

// changeURL sets path and query string to what a function returned. What it
// didn't change stays byte for byte.
func (r *request) changeURL(uri, query string) error {
	if query == headers.UTF8(r.query) {
		query = r.query
	}
	if uri == r.uri && query == r.query {
		return nil
	}
	if err := cffunction.CheckURI(uri, query); err != nil {
		return invalid(err.Error())
	}
	r.uri, r.query = uri, query
	return nil
}

package restapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
)

// A head is what results and preludes begin with.
type head struct {
	StatusCode        json.Number                  `json:"statusCode"`
	Headers           map[string]json.RawMessage   `json:"headers"`
	MultiValueHeaders map[string][]json.RawMessage `json:"multiValueHeaders"`
}

// A result is what a function returns. Nothing in it is required, and nothing else
// may be in it.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
// Seen: recorded (test_aws_proxy_response_payload_format_validation).
type result struct {
	head

	Body            string `json:"body"`
	IsBase64Encoded bool   `json:"isBase64Encoded"`
}

// parse returns status and headers. The values of multiValueHeaders come first, and
// those of headers count if they are others.
//
// Seen: recorded (test_aws_proxy_response_payload_format_validation).
// Inferred: headers of a stream may have lists too, which AWS's web adapter sends.
func (h head) parse(cookies []string, streamed bool) (payload.Head, error) {
	status, err := strconv.Atoi(cmp.Or(h.StatusCode.String(), "200"))
	if err != nil {
		return payload.Head{}, fmt.Errorf("statusCode is %s", h.StatusCode)
	}
	lists, merged := map[string][]json.RawMessage{}, map[string]json.RawMessage{}
	for name, values := range h.MultiValueHeaders {
		lists[http.CanonicalHeaderKey(name)] = values
	}
	for name, value := range h.Headers {
		name = http.CanonicalHeaderKey(name)
		values := []json.RawMessage{value}
		if streamed {
			_ = json.Unmarshal(value, &values) // one that isn't a list stays as it is
		}
		for _, value := range values {
			if !slices.ContainsFunc(lists[name], func(other json.RawMessage) bool { return bytes.Equal(other, value) }) {
				lists[name] = append(lists[name], value)
			}
		}
	}
	for name, values := range lists {
		merged[name], _ = json.Marshal(values) // it was JSON
	}
	return payload.NewHead(&status, merged, cookies)
}

func (c *call) buffered(response *lambda.Response) (*http.Response, error) {
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return c.failed("the function failed", err)
	}
	var r result
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(&r); err == nil && bytes.TrimSpace(data)[0] != '{' {
		err = errors.New("it isn't an object")
	}
	var head payload.Head
	if err == nil {
		head, err = r.parse(nil, false)
	}
	if err != nil {
		hint := "return nothing but statusCode, headers, multiValueHeaders, which has lists, body and isBase64Encoded; cookies go into multiValueHeaders"
		if payload.IsStreamed(data) {
			hint = "set ResponseTransferMode to STREAM and the Uri to …/response-streaming-invocations: the function streams"
		}
		return c.failed("the function's result isn't of payload format 1.0", fault.New(hint, "%w in %.60q", err, data))
	}
	body := []byte(r.Body)
	switch binary := c.isBinary(c.req.Header.Get("Accept")); {
	case r.IsBase64Encoded && binary:
		if body, err = base64.StdEncoding.DecodeString(r.Body); err != nil {
			return c.reject(internalError, "isBase64Encoded is true and the body isn't base64: "+err.Error(), "encode the body"), nil
		}
	case r.IsBase64Encoded && r.Body != "":
		fault.Log(c.log, slog.LevelWarn, "a viewer gets base64", "isBase64Encoded is true, and the API's BinaryMediaTypes doesn't have the first type of Accept: "+c.req.Header.Get("Accept"),
			"add */* to BinaryMediaTypes", "path", c.req.URL.Path)
	}
	return exchange.NewResponse(c.req, head.Status, c.viewerHeader(head), body), nil
}

// maxPrelude is how far into a stream the prelude may end, in bytes.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
const maxPrelude = 16 << 10

// streamed returns a response whose head is the prelude's.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
// Inferred: a result without a prelude gets 502, what else is in a prelude is ignored,
// and a stream that takes too long ends like one whose function failed.
func (c *call) streamed(response *lambda.Response) (*http.Response, error) {
	var prelude struct {
		head
		Cookies []string `json:"cookies"`
	}
	var head payload.Head
	body := &timed{response.Body, c.ctx, c.cancel, c.config.IdleTimeout}
	data, rest, err := payload.ReadPrelude(body, maxPrelude)
	if err == nil {
		err = json.Unmarshal(data, &prelude)
	}
	if err == nil {
		head, err = prelude.parse(prelude.Cookies, true)
	}
	if err != nil {
		defer body.Close()
		return c.failed("the function returned an invalid stream", err)
	}
	stream := payload.Stream{Rest: rest, Body: body, Limit: 200 << 20, Free: 10 << 20, Log: c.log}
	if c.config.Throttle {
		stream.Rate = 2 << 20
	}
	return stream.Response(c.req, head.Status, c.viewerHeader(head)), nil
}

// A timed body ends with its context, or if it is silent for too long.
type timed struct {
	io.ReadCloser

	ctx    context.Context
	cancel context.CancelFunc
	idle   time.Duration
}

func (t *timed) Read(p []byte) (int, error) {
	timer := time.AfterFunc(t.idle, func() { t.ReadCloser.Close() })
	n, err := t.ReadCloser.Read(p)
	switch {
	case !timer.Stop():
		err = fmt.Errorf("the function sent nothing for %v: send heartbeats", t.idle)
	case t.ctx.Err() != nil:
		err = errors.New("the function took longer than the integration's TimeoutInMillis")
	}
	return n, err
}

func (t *timed) Close() error {
	t.cancel()
	return t.ReadCloser.Close()
}

// dropped are response headers that viewers don't get, and remapped those that they
// get under another name. The length is that of the body.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis
var (
	dropped  = headers.Set("Content-Length", "Expect", "Host", "Via", "X-Amzn-Requestid", "X-Amzn-Trace-Id")
	remapped = headers.Set("Authorization", "Connection", "Content-Md5", "Date", "Max-Forwards", "Server", "User-Agent", "Www-Authenticate")
)

func (c *call) viewerHeader(head payload.Head) http.Header {
	h := head.ViewerHeader(dropped, remapped, "application/json")
	h.Set("X-Amzn-Trace-Id", c.xray)
	return h
}

package adapter

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// userAgent is what the environment logs as the runtime.
const userAgent = "cloudfurl-adapter"

// contentTypeIntegration marks a response that begins with a prelude, which eight
// NUL bytes end.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
const contentTypeIntegration = "application/vnd.awslambda.http-integration-response"

// A runtimeAPI is the client of an environment's Runtime API.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	base   string
	client *http.Transport
}

// An invocation is an event and what Lambda says about it.
type invocation struct {
	event                              []byte
	id, functionARN, traceID, tenantID string
	deadline                           int64
}

func newRuntimeAPI(address string) runtimeAPI {
	return runtimeAPI{base: "http://" + address + "/2018-06-01/runtime/invocation/", client: &http.Transport{}}
}

// next waits for an event.
func (r runtimeAPI) next(ctx context.Context) (*invocation, error) {
	res, err := r.do(ctx, http.MethodGet, "next", nil, nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	event, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	inv := &invocation{
		event: event, id: res.Header.Get("Lambda-Runtime-Aws-Request-Id"),
		functionARN: res.Header.Get("Lambda-Runtime-Invoked-Function-Arn"),
		traceID:     res.Header.Get("Lambda-Runtime-Trace-Id"),
		tenantID:    res.Header.Get("Lambda-Runtime-Aws-Tenant-Id"),
	}
	inv.deadline, err = strconv.ParseInt(res.Header.Get("Lambda-Runtime-Deadline-Ms"), 10, 64)
	if err != nil || inv.id == "" {
		return nil, fmt.Errorf("it answered %s without an event: %.200s", res.Status, event)
	}
	return inv, nil
}

// stream sends a response as the app sends it.
func (r runtimeAPI) stream(ctx context.Context, inv *invocation, p prelude, body io.ReadCloser) error {
	head := append([]byte(marshal(p)), make([]byte, 8)...)
	return r.post(ctx, inv.id+"/response", http.Header{
		"Content-Type":                          {contentTypeIntegration},
		"Lambda-Runtime-Function-Response-Mode": {"streaming"},
	}, struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), body), body})
}

// respond sends a buffered response.
func (r runtimeAPI) respond(ctx context.Context, inv *invocation, document []byte) error {
	return r.post(ctx, inv.id+"/response", http.Header{}, bytes.NewReader(document))
}

// fail reports that the invocation failed.
func (r runtimeAPI) fail(ctx context.Context, inv *invocation, cause error) error {
	header := http.Header{"Lambda-Runtime-Function-Error-Type": {"unhandled"}}
	return r.post(ctx, inv.id+"/error", header, strings.NewReader(marshal(asFailure(cause))))
}

// post sends a response or an error. What Lambda answers doesn't matter.
//
// Seen: 1.0.0-rc1.
func (r runtimeAPI) post(ctx context.Context, path string, header http.Header, body io.Reader) error {
	res, err := r.do(ctx, http.MethodPost, path, header, body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

func (r runtimeAPI) do(ctx context.Context, method, path string, header http.Header, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, body)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", userAgent)
	return r.client.RoundTrip(req)
}

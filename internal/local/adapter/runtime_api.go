package adapter

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// userAgent is what the environment logs as the runtime.
const userAgent = "cloudfurl-adapter"

// A runtimeAPI is the client of an environment's Runtime API.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	base   string
	client *http.Transport
}

// An invocation is an event and what Lambda says about it.
type invocation struct {
	event                    []byte
	id, functionARN, traceID string
	deadline                 int64
	rest                     bool // from a REST API
}

func newRuntimeAPI(address string) runtimeAPI {
	return runtimeAPI{base: "http://" + address + "/2018-06-01/runtime/invocation/", client: &http.Transport{}}
}

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
	header := func(name string) string { return res.Header.Get("Lambda-Runtime-" + name) }
	inv := &invocation{
		event: event, id: header("Aws-Request-Id"), functionARN: header("Invoked-Function-Arn"),
		traceID: header("Trace-Id"),
	}
	inv.deadline, err = strconv.ParseInt(header("Deadline-Ms"), 10, 64)
	if err != nil || inv.id == "" {
		return nil, fmt.Errorf("it answered %s without an event: %.200s", res.Status, event)
	}
	return inv, nil
}

// stream sends a response as the app sends it, after a prelude that eight NUL bytes
// end.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
func (r runtimeAPI) stream(ctx context.Context, inv *invocation, prelude head, body io.Reader) error {
	return r.post(ctx, inv.id+"/response", http.Header{
		"Content-Type":                          {"application/vnd.awslambda.http-integration-response"},
		"Lambda-Runtime-Function-Response-Mode": {"streaming"},
	}, io.MultiReader(strings.NewReader(marshal(prelude)+strings.Repeat("\x00", 8)), body))
}

// ErrorType is the type of the error of an invocation that the app didn't answer.
const ErrorType = "WebAppError"

func (r runtimeAPI) fail(ctx context.Context, inv *invocation, cause error) error {
	document := marshal(map[string]string{"errorType": ErrorType, "errorMessage": cause.Error()})
	return r.post(ctx, inv.id+"/error", http.Header{"Lambda-Runtime-Function-Error-Type": {"unhandled"}}, strings.NewReader(document))
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
	maps.Copy(req.Header, header)
	req.Header.Set("User-Agent", userAgent)
	return r.client.RoundTrip(req)
}

package adapter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// A functionConfig is what x-amzn-lambda-context says about the function.
type functionConfig struct {
	FunctionName string `json:"function_name"`
	Memory       int    `json:"memory"`
	Version      string `json:"version"`
	LogStream    string `json:"log_stream"`
	LogGroup     string `json:"log_group"`
}

func newFunctionConfig(variables map[string]string) functionConfig {
	memory, _ := strconv.Atoi(variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"])
	return functionConfig{
		FunctionName: variables["AWS_LAMBDA_FUNCTION_NAME"],
		Memory:       memory,
		Version:      variables["AWS_LAMBDA_FUNCTION_VERSION"],
		LogStream:    variables["AWS_LAMBDA_LOG_STREAM_NAME"],
		LogGroup:     variables["AWS_LAMBDA_LOG_GROUP_NAME"],
	}
}

// A lambdaContext is the value of x-amzn-lambda-context.
//
// Seen: 1.0.0-rc1.
type lambdaContext struct {
	RequestID          string         `json:"request_id"`
	Deadline           int64          `json:"deadline"`
	InvokedFunctionARN string         `json:"invoked_function_arn"`
	TraceID            *string        `json:"xray_trace_id"`
	ClientContext      *struct{}      `json:"client_context"`
	Identity           *struct{}      `json:"identity"`
	TenantID           *struct{}      `json:"tenant_id"`
	Function           functionConfig `json:"env_config"`
}

// newRequest returns the HTTP request that an invocation is for the app.
func (a *adapter) newRequest(ctx context.Context, inv *invocation, m message) (*http.Request, error) {
	query, _, _ := strings.Cut(m.query, "#")
	if strings.ContainsFunc(query, func(r rune) bool { return r <= ' ' || r == '"' || r == '<' || r == '>' }) {
		return nil, fmt.Errorf("AWS's adapter can't send a space, \", < or > of a query string that isn't percent-encoded, as in %q", query)
	}
	a.addHeaders(m.header, m.context, inv)
	if !httpguts.ValidHeaderFieldValue(m.context) {
		return nil, errors.New("AWS's adapter can't send a path with the character %7F")
	}
	req := &http.Request{
		Method: m.method, URL: newURL(a.address, m.path, m.query), Host: m.header["host"],
		Header: sendAsIs(m.header),
	}
	switch {
	case len(m.body) > 0:
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(m.body)), nil }
		req.Body, _ = req.GetBody()
		req.ContentLength = int64(len(m.body))
	case m.method != http.MethodPost && m.method != http.MethodPut && m.method != http.MethodPatch:
		// Seen: 1.0.0-rc1 sends a length with every request. net/http does so only
		// with these methods.
		req.Header["content-length"] = []string{"0"}
	}
	return req.WithContext(ctx), nil
}

// sendAsIs returns headers that net/http sends as they are, in lower case, and to
// which it only adds the host and the length. An empty User-Agent keeps it from
// adding its own.
func sendAsIs(header map[string]string) http.Header {
	h := http.Header{"User-Agent": {""}}
	for name, value := range header {
		switch name {
		case "host", "content-length", "transfer-encoding":
		default:
			h[name] = []string{value}
		}
	}
	return h
}

// addHeaders adds what the app may want to know of the invocation.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/features/request-context.html
func (a *adapter) addHeaders(header map[string]string, context string, inv *invocation) {
	if inv.traceID != "" {
		header["x-amzn-trace-id"] = inv.traceID
	}
	header["x-amzn-request-context"] = context
	header["x-amzn-lambda-context"] = marshal(lambdaContext{
		RequestID: inv.id, Deadline: inv.deadline, InvokedFunctionARN: inv.functionARN,
		TraceID: optional(inv.traceID), Function: a.function,
	})
	if value, ok := header[a.authorization]; ok {
		delete(header, a.authorization)
		header["authorization"] = value
	}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

package adapter

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Headers that the adapter adds.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/features/request-context.html
const (
	headerRequestContext = "x-amzn-request-context"
	headerLambdaContext  = "x-amzn-lambda-context"
	headerTraceID        = "x-amzn-trace-id"
	headerTenantID       = "x-amz-tenant-id"
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
	TenantID           *string        `json:"tenant_id"`
	Function           functionConfig `json:"env_config"`
}

// newRequest returns the HTTP request that an invocation is for the app.
func (a *adapter) newRequest(ctx context.Context, inv *invocation, m message) (*http.Request, error) {
	if invalidQuery(m.query) {
		fault.Log(a.log, slog.LevelError, "the adapter failed on a query string",
			`AWS's adapter can't send a space, ", < or > that isn't percent-encoded`,
			"let the client encode the query string", "method", m.method, "path", m.path, "query", m.query)
		return nil, panicked("failed to build request: http::Error(InvalidUri(InvalidUriChar))")
	}
	a.addHeaders(m.header, m.context, inv)
	if !validValue(m.header[headerRequestContext]) {
		// Such as a path with %7F, decoded.
		return nil, failure{errorTypeBoxed, "failed to parse header value"}
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

// sentHeader returns a header of a request from newRequest, by its name in lower
// case.
func sentHeader(req *http.Request, name string) string { return strings.Join(req.Header[name], ",") }

// addHeaders adds what the app may want to know of the invocation.
func (a *adapter) addHeaders(header map[string]string, context *requestContext, inv *invocation) {
	if inv.traceID != "" {
		header[headerTraceID] = inv.traceID
	}
	header[headerRequestContext] = marshal(context)
	header[headerLambdaContext] = marshal(lambdaContext{
		RequestID: inv.id, Deadline: inv.deadline, InvokedFunctionARN: inv.functionARN,
		TraceID: optional(inv.traceID), TenantID: optional(inv.tenantID), Function: a.function,
	})
	if inv.tenantID != "" {
		header[headerTenantID] = inv.tenantID
	}
	if source := strings.ToLower(a.authorization); source != "" {
		if value, ok := header[source]; ok {
			delete(header, source)
			header["authorization"] = value
		}
	}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// validValue reports whether a value can be sent in a header.
func validValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; (c < ' ' && c != '\t') || c == 0x7f {
			return false
		}
	}
	return true
}

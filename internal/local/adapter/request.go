package adapter

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// An event is what of payload format 2.0, or 1.0 of a REST API, reaches the app.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
// and https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
type event struct {
	HTTPMethod      string            `json:"httpMethod"`
	Path            string            `json:"path"`
	Query           url.Values        `json:"multiValueQueryStringParameters"`
	RawPath         string            `json:"rawPath"`
	RawQueryString  string            `json:"rawQueryString"`
	Cookies         *[]string         `json:"cookies"`
	Headers         map[string]string `json:"headers"`
	RequestContext  json.RawMessage   `json:"requestContext"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// newRequest returns the HTTP request that an event is for the app. It is one of a
// function URL or a REST API, because nothing else invokes an app here.
func (a *adapter) newRequest(ctx context.Context, inv *invocation) (*http.Request, error) {
	var e event
	var about struct {
		HTTP *struct{ Method string }
	}
	if json.Unmarshal(inv.event, &e) != nil || json.Unmarshal(e.RequestContext, &about) != nil || about.HTTP == nil && e.HTTPMethod == "" {
		return nil, errors.New("the event isn't one of a function URL or a REST API")
	}
	if inv.rest = about.HTTP == nil; inv.rest {
		e.RawPath, e.RawQueryString = e.Path, e.Query.Encode()
	} else {
		e.HTTPMethod = about.HTTP.Method
	}
	inv.event = nil // A stream may last for hours.
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, fmt.Errorf("the event's body isn't base64: %v", err)
		}
	}
	// The base path goes as often as the path begins with it, and also in the middle
	// of a segment. Seen: 1.0.0-rc1.
	for a.basePath != "" && strings.HasPrefix(e.RawPath, a.basePath) {
		e.RawPath = e.RawPath[len(a.basePath):]
	}
	header := a.newHeader(e, inv)
	req := &http.Request{Method: cmp.Or(e.HTTPMethod, http.MethodGet), URL: newURL(a.address, e.RawPath, e.RawQueryString), Header: header}
	req.Host = strings.Join(header["host"], "")
	for _, name := range []string{"host", "content-length", "transfer-encoding"} {
		delete(header, name) // net/http adds its own
	}
	switch {
	case len(body) > 0:
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		req.Body, _ = req.GetBody()
		req.ContentLength = int64(len(body))
	case req.Method != http.MethodPost && req.Method != http.MethodPut && req.Method != http.MethodPatch:
		// Seen: 1.0.0-rc1 sends a length with every request. net/http does so only
		// with these methods.
		req.Header["content-length"] = []string{"0"}
	}
	return req.WithContext(ctx), nil
}

// newHeader returns the headers of an event and what the app may want to know of the
// invocation. In lower case, net/http sends them as they are. Cookies of the event
// count, not its header for them.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/features/request-context.html
// Seen: 1.0.0-rc1, which joins cookies without a space.
func (a *adapter) newHeader(e event, inv *invocation) map[string][]string {
	header := map[string][]string{"User-Agent": {""}} // keeps net/http from adding its own
	set := func(name, value string) { header[name] = []string{value} }
	for name, value := range e.Headers {
		set(strings.ToLower(name), value)
	}
	if e.Cookies != nil {
		set("cookie", strings.Join(*e.Cookies, ";"))
	}
	if inv.traceID != "" {
		set("x-amzn-trace-id", inv.traceID)
	}
	var compact bytes.Buffer
	_ = json.Compact(&compact, e.RequestContext) // it is valid JSON
	set("x-amzn-request-context", compact.String())
	set("x-amzn-lambda-context", a.lambdaContext(inv))
	if value, ok := header[a.authorization]; ok {
		delete(header, a.authorization)
		header["authorization"] = value
	}
	return header
}

// lambdaContext returns the value of x-amzn-lambda-context.
//
// Seen: 1.0.0-rc1.
func (a *adapter) lambdaContext(inv *invocation) string {
	memory, _ := strconv.Atoi(a.Variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"])
	about := map[string]any{
		"request_id": inv.id, "deadline": inv.deadline, "invoked_function_arn": inv.functionARN, "xray_trace_id": nil,
		"client_context": nil, "identity": nil, "tenant_id": nil,
		"env_config": map[string]any{
			"function_name": a.Variables["AWS_LAMBDA_FUNCTION_NAME"],
			"memory":        memory,
			"version":       a.Variables["AWS_LAMBDA_FUNCTION_VERSION"],
			"log_stream":    a.Variables["AWS_LAMBDA_LOG_STREAM_NAME"],
			"log_group":     a.Variables["AWS_LAMBDA_LOG_GROUP_NAME"],
		},
	}
	if inv.traceID != "" {
		about["xray_trace_id"] = inv.traceID
	}
	return marshal(about)
}

// marshal returns JSON as a header has it.
func marshal(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	// The types of this package hold nothing that JSON can't.
	_ = encoder.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}

// newURL returns a URL of the app, whose request line has exactly this path and
// query, normalized as the adapter does it.
func newURL(address, path, query string) *url.URL {
	query, _, _ = strings.Cut(query, "#")
	// See: https://url.spec.whatwg.org/#special-query-percent-encode-set
	u := &url.URL{Scheme: "http", Host: address, RawQuery: encode(query, " \"<>'")}
	path = normalizePath(path)
	if strings.HasPrefix(path, "//") {
		// An opaque one would be sent with the scheme and the host.
		u.RawPath = path
		u.Path, _ = url.PathUnescape(path)
		return u
	}
	u.Opaque = path
	return u
}

// normalizePath returns a path as URLs of the WHATWG have it: without . and ..,
// with a slash for a backslash, and percent-encoded where it must be. What is
// encoded stays as it is.
//
// See: https://url.spec.whatwg.org/#path-state
// Seen: 1.0.0-rc1.
func normalizePath(path string) string {
	path = strings.NewReplacer(`\`, "/", "\t", "", "\n", "", "\r", "").Replace(path)
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	var kept []string
	for i, segment := range segments {
		last := i == len(segments)-1
		dots := strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
		switch dots {
		case "..":
			kept = kept[:max(0, len(kept)-1)]
			fallthrough
		case ".":
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, encode(segment, " \"<>`#?{}"))
		}
	}
	return "/" + strings.Join(kept, "/")
}

// encode percent-encodes control characters, what isn't ASCII, and more.
func encode(s, more string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || strings.IndexByte(more, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

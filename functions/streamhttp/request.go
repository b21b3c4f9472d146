package streamhttp

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// payloadVersion is the only payload format that function URLs have.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
const payloadVersion = "2.0"

// An InvalidEventError says that an event did not come from a function URL, so
// that no request can be made of it. Lambda reports the invocation as failed.
type InvalidEventError struct {
	// Field is the path of the event's field, such as "requestContext.domainName".
	Field string

	// Problem says what is wrong with it.
	Problem string
}

// Error names the field, what is wrong with it, and what to do.
func (e *InvalidEventError) Error() string {
	return fmt.Sprintf("streamhttp: not an event of a function URL: %s %s: invoke the function through its URL, not directly", e.Field, e.Problem)
}

type eventContextKey struct{}

// RequestFromContext returns the event behind a request, given the request's
// context. It reports false outside Lambda. The event must not be changed.
func RequestFromContext(ctx context.Context) (*events.LambdaFunctionURLRequest, bool) {
	event, ok := ctx.Value(eventContextKey{}).(*events.LambdaFunctionURLRequest)
	return event, ok
}

// newRequest makes of an event the request that net/http would have handed to
// a handler. A target that cannot be parsed is the viewer's mistake and comes
// back as a *url.Error, anything else as an *InvalidEventError.
func newRequest(ctx context.Context, event *events.LambdaFunctionURLRequest) (*http.Request, error) {
	if err := validate(event); err != nil {
		return nil, err
	}
	body, length, err := decodeBody(event)
	if err != nil {
		return nil, err
	}
	target := event.RawPath
	if target == "" {
		target = "/"
	}
	if event.RawQueryString != "" {
		target += "?" + event.RawQueryString
	}
	location, err := parseTarget(target)
	if err != nil {
		return nil, err
	}
	description := event.RequestContext.HTTP
	protocol := description.Protocol
	major, minor, ok := http.ParseHTTPVersion(protocol)
	if !ok {
		protocol, major, minor = "HTTP/1.1", 1, 1
	}
	header := requestHeader(event, length)
	request := &http.Request{
		Method:        description.Method,
		URL:           location,
		Proto:         protocol,
		ProtoMajor:    major,
		ProtoMinor:    minor,
		Header:        header,
		Body:          body,
		ContentLength: int64(length),
		Host:          requestHost(event, header),
		// Lambda tells no port, and net.SplitHostPort wants one.
		RemoteAddr: net.JoinHostPort(description.SourceIP, "0"),
		RequestURI: target,
	}
	// net/http's server has moved Host out of the header; so do we.
	header.Del("Host")
	return request.WithContext(ctx), nil
}

// parseTarget takes only paths: an absolute URL would bring a host of its own.
func parseTarget(target string) (*url.URL, error) {
	if !strings.HasPrefix(target, "/") {
		return nil, &url.Error{Op: "parse", URL: target, Err: errors.New("the path does not begin with a slash")}
	}
	return url.ParseRequestURI(target)
}

func validate(event *events.LambdaFunctionURLRequest) error {
	switch {
	case event == nil:
		return &InvalidEventError{"event", "is null"}
	case event.Version != payloadVersion:
		return &InvalidEventError{"version", fmt.Sprintf("is %q, want %q", event.Version, payloadVersion)}
	case event.RequestContext.DomainName == "":
		return &InvalidEventError{"requestContext.domainName", "is empty"}
	case event.RequestContext.HTTP.Method == "":
		return &InvalidEventError{"requestContext.http.method", "is empty"}
	}
	return nil
}

func decodeBody(event *events.LambdaFunctionURLRequest) (body io.ReadCloser, length int, err error) {
	switch {
	case event.Body == "":
		return http.NoBody, 0, nil
	case !event.IsBase64Encoded:
		return io.NopCloser(strings.NewReader(event.Body)), len(event.Body), nil
	}
	decoded, err := base64.StdEncoding.DecodeString(event.Body)
	if err != nil {
		return nil, 0, &InvalidEventError{"body", "is not the base64 that isBase64Encoded announces: " + err.Error()}
	}
	return io.NopCloser(bytes.NewReader(decoded)), len(decoded), nil
}

func requestHeader(event *events.LambdaFunctionURLRequest, length int) http.Header {
	header := make(http.Header, len(event.Headers)+2)
	for name, value := range event.Headers {
		header.Set(name, value)
	}
	// The event has the cookies twice. Only the list is unharmed when a viewer
	// split them over several fields, which Lambda joins with commas.
	if len(event.Cookies) > 0 {
		header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	if authorization := header.Get(contract.HeaderOriginalAuthorization); authorization != "" {
		header.Set("Authorization", authorization)
	}
	// The event's body is whole and decoded, however the viewer sent it.
	header.Del("Transfer-Encoding")
	if header.Get("Content-Length") != "" {
		header.Set("Content-Length", strconv.Itoa(length))
	}
	return header
}

func requestHost(event *events.LambdaFunctionURLRequest, header http.Header) string {
	for _, host := range []string{header.Get(contract.HeaderOriginalHost), header.Get("Host")} {
		if host != "" {
			return host
		}
	}
	return event.RequestContext.DomainName
}

package streamhttp

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// payloadVersion is the only payload format of function URLs.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
const payloadVersion = "2.0"

// An InvalidEventError reports an event that a function URL doesn't send. Lambda
// counts the invocation as failed.
type InvalidEventError struct {
	// Field is the path of the event's field, such as "requestContext.domainName".
	Field string

	// Problem is what is wrong with it, such as "is empty".
	Problem string
}

// Error returns the field, the problem and what to do about it.
func (e *InvalidEventError) Error() string {
	return fmt.Sprintf("streamhttp: the event isn't from a function URL: %s %s: invoke the function through its URL", e.Field, e.Problem)
}

type eventContextKey struct{}

// RequestFromContext returns the event that a request was made from, given the
// request's context. It returns false outside Lambda. Don't modify the event.
func RequestFromContext(ctx context.Context) (*events.LambdaFunctionURLRequest, bool) {
	event, ok := ctx.Value(eventContextKey{}).(*events.LambdaFunctionURLRequest)
	return event, ok
}

// newRequest converts an event to the request that net/http would have passed to
// a handler. The error is a *url.Error for a target that can't be parsed, which
// is the viewer's mistake, and an *InvalidEventError for everything else.
func newRequest(ctx context.Context, event *events.LambdaFunctionURLRequest) (*http.Request, error) {
	if err := validate(event); err != nil {
		return nil, err
	}
	body, length, err := decodeBody(event)
	if err != nil {
		return nil, err
	}
	target := cmp.Or(event.RawPath, "/")
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
		// Lambda doesn't report the port, and net.SplitHostPort needs one.
		RemoteAddr: net.JoinHostPort(description.SourceIP, "0"),
		RequestURI: target,
	}
	// net/http's server removes Host from the header too.
	header.Del("Host")
	return request.WithContext(ctx), nil
}

// parseTarget accepts only paths: an absolute URL would replace the host.
func parseTarget(target string) (*url.URL, error) {
	if !strings.HasPrefix(target, "/") {
		return nil, &url.Error{Op: "parse", URL: target, Err: errors.New("the path doesn't begin with a slash")}
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
	// Decoding twice takes less than a second copy of up to 6 MB does.
	counted, err := io.Copy(io.Discard, decoder(event.Body))
	if err != nil {
		return nil, 0, &InvalidEventError{"body", "isn't base64, but isBase64Encoded is true: " + err.Error()}
	}
	return io.NopCloser(decoder(event.Body)), int(counted), nil
}

func decoder(encoded string) io.Reader {
	return base64.NewDecoder(base64.StdEncoding, strings.NewReader(encoded))
}

func requestHeader(event *events.LambdaFunctionURLRequest, length int) http.Header {
	header := make(http.Header, len(event.Headers)+2)
	for name, value := range event.Headers {
		if !imitatesCopy(name) {
			header.Set(name, value)
		}
	}
	// The event has the cookies twice. Where a viewer sent several Cookie
	// headers, Lambda joins them with commas, and only the list is right.
	if len(event.Cookies) > 0 {
		header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	if authorization := header.Get(contract.HeaderOriginalAuthorization); authorization != "" {
		header.Set("Authorization", authorization)
	}
	// The event's body is complete and decoded.
	header.Del("Transfer-Encoding")
	if header.Get("Content-Length") != "" {
		header.Set("Content-Length", strconv.Itoa(length))
	}
	return header
}

// imitatesCopy reports whether a header such as X_Original_Host becomes one of
// original_host's copies when its underscores are read as hyphens. CGI, FastCGI
// and WSGI read them so, and a handler behind such an adapter would take the
// viewer's value for the copy.
//
// See: https://www.rfc-editor.org/rfc/rfc3875#section-4.1.18
func imitatesCopy(name string) bool {
	hyphenated := strings.ReplaceAll(name, "_", "-")
	return hyphenated != name && slices.Contains(copies, http.CanonicalHeaderKey(hyphenated))
}

var copies = []string{contract.HeaderOriginalHost, contract.HeaderForwardedHost, contract.HeaderOriginalAuthorization}

func requestHost(event *events.LambdaFunctionURLRequest, header http.Header) string {
	return cmp.Or(header.Get(contract.HeaderOriginalHost), header.Get("Host"), event.RequestContext.DomainName)
}

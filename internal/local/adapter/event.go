package adapter

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// An event is what of payload format 2.0 reaches the app.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
type event struct {
	RawPath         string            `json:"rawPath"`
	RawQueryString  string            `json:"rawQueryString"`
	Cookies         *[]string         `json:"cookies"`
	Headers         map[string]string `json:"headers"`
	RequestContext  *requestContext   `json:"requestContext"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// A requestContext has the fields that the adapter passes on, in its order. Those
// that an event lacks are null.
//
// Seen: 1.0.0-rc1, x-amzn-request-context.
type requestContext struct {
	RouteKey     *string      `json:"routeKey"`
	AccountID    *string      `json:"accountId"`
	Stage        *string      `json:"stage"`
	RequestID    *string      `json:"requestId"`
	Authorizer   *authorizer  `json:"authorizer,omitempty"`
	APIID        *string      `json:"apiId"`
	DomainName   *string      `json:"domainName"`
	DomainPrefix *string      `json:"domainPrefix"`
	Time         *string      `json:"time"`
	TimeEpoch    int64        `json:"timeEpoch"`
	HTTP         *httpContext `json:"http"`
}

type httpContext struct {
	Method    string  `json:"method"`
	Path      *string `json:"path"`
	Protocol  *string `json:"protocol"`
	SourceIP  *string `json:"sourceIp"`
	UserAgent *string `json:"userAgent"`
}

type authorizer struct {
	IAM *iamAuthorizer `json:"iam,omitempty"`
}

type iamAuthorizer struct {
	AccessKey      *string `json:"accessKey"`
	AccountID      *string `json:"accountId"`
	CallerID       *string `json:"callerId"`
	PrincipalOrgID *string `json:"principalOrgId"`
	UserARN        *string `json:"userArn"`
	UserID         *string `json:"userId"`
}

// A message is what the app gets of an event, before it is an HTTP request.
type message struct {
	method, path, query string
	header              map[string]string // names in lower case
	body                []byte
	context             *requestContext // nil if the event isn't an HTTP request
}

// errOtherEvent is about events that this package leaves out.
var errOtherEvent = failure{"UnsupportedEvent", "events of REST APIs, WebSocket APIs and load balancers aren't supported locally"}

// newMessage reads an event. One that isn't an HTTP request is the body of a POST
// to the pass-through path.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/features/non-http-events.html
func (s *settings) newMessage(data []byte) (message, error) {
	var e event
	if err := json.Unmarshal(data, &e); err != nil || !e.isRequest() {
		if isOtherHTTP(data) {
			return message{}, errOtherEvent
		}
		return message{
			method: "POST", path: s.passThrough, body: data,
			header: map[string]string{"content-type": "application/json"},
		}, nil
	}
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return message{}, panicked("failed to decode aws base64 encoded body: " + err.Error())
		}
	}
	if e.RequestContext.HTTP.Method == "" {
		e.RequestContext.HTTP.Method = "GET"
	}
	return message{
		method: e.RequestContext.HTTP.Method, path: s.withoutBasePath(e.RawPath), query: e.RawQueryString,
		header: eventHeader(e), body: body, context: e.RequestContext,
	}, nil
}

// isRequest reports whether an event is an HTTP request. One with a header that
// can't be sent isn't.
//
// Seen: 1.0.0-rc1.
func (e *event) isRequest() bool {
	for name, value := range e.Headers {
		if !httpguts.ValidHeaderFieldName(name) || !validValue(value) {
			return false
		}
	}
	return e.RequestContext != nil && e.RequestContext.HTTP != nil
}

// isOtherHTTP reports whether data is an HTTP request in another format than 2.0.
func isOtherHTTP(data []byte) bool {
	var other struct {
		HTTPMethod     *string          `json:"httpMethod"`
		RequestContext *json.RawMessage `json:"requestContext"`
	}
	return json.Unmarshal(data, &other) == nil && other.HTTPMethod != nil && other.RequestContext != nil
}

// withoutBasePath removes the base path, as often as the path begins with it, and
// also in the middle of a segment.
//
// Seen: 1.0.0-rc1.
func (s *settings) withoutBasePath(path string) string {
	for s.basePath != "" && strings.HasPrefix(path, s.basePath) {
		path = path[len(s.basePath):]
	}
	return path
}

// eventHeader returns the headers of an event. Its cookies count, not its header
// for them.
//
// Seen: 1.0.0-rc1, which joins cookies without a space.
func eventHeader(e event) map[string]string {
	header := make(map[string]string, len(e.Headers)+4)
	for name, value := range e.Headers {
		header[strings.ToLower(name)] = value
	}
	if e.Cookies != nil {
		header["cookie"] = strings.Join(*e.Cookies, ";")
	}
	return header
}

// marshal returns JSON as a header has it.
func marshal(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	// The types of this package hold nothing that JSON can't.
	_ = encoder.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}

package adapter

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// An event is what of payload format 2.0 reaches the app.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
type event struct {
	RawPath         string            `json:"rawPath"`
	RawQueryString  string            `json:"rawQueryString"`
	Cookies         *[]string         `json:"cookies"`
	Headers         map[string]string `json:"headers"`
	RequestContext  json.RawMessage   `json:"requestContext"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// A message is what the app gets of an event, before it is an HTTP request.
type message struct {
	method, path, query string
	header              map[string]string // names in lower case
	body                []byte
	context             string // JSON
}

// newMessage reads an event. It is one of a function URL, because nothing else
// invokes an app here.
func (s *settings) newMessage(data []byte) (message, error) {
	var e event
	var context struct {
		HTTP *struct{ Method string }
	}
	if json.Unmarshal(data, &e) != nil || json.Unmarshal(e.RequestContext, &context) != nil || context.HTTP == nil {
		return message{}, errors.New("the event isn't one of a function URL")
	}
	m := message{method: context.HTTP.Method, path: e.RawPath, query: e.RawQueryString, header: eventHeader(e), body: []byte(e.Body)}
	m.method = cmp.Or(m.method, "GET")
	// The base path goes as often as the path begins with it, and also in the middle
	// of a segment. Seen: 1.0.0-rc1.
	for s.basePath != "" && strings.HasPrefix(m.path, s.basePath) {
		m.path = m.path[len(s.basePath):]
	}
	var compact bytes.Buffer
	_ = json.Compact(&compact, e.RequestContext) // it is valid JSON
	m.context = compact.String()
	if e.IsBase64Encoded {
		body, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			return m, fmt.Errorf("the event's body isn't base64: %v", err)
		}
		m.body = body
	}
	return m, nil
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
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	// The types of this package hold nothing that JSON can't.
	_ = encoder.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}

package cffunction

import (
	"net/http"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// A Request is a viewer's request, before or after a function.
type Request struct {
	// ID is CloudFront's id of the request (X-Amz-Cf-Id).
	ID string

	// ViewerIP is the address of the viewer, without a port.
	ViewerIP string

	// Method is the HTTP method. A function can't change it.
	Method string

	// URI is the path as the viewer sent it, percent-encoding and all.
	URI string

	// RawQuery is the query string as the viewer sent it, without the "?".
	RawQuery string

	// ForceQuery says that there was a "?" although RawQuery is empty.
	ForceQuery bool

	// Header holds the headers under their canonical names, Host and Cookie
	// among them. A function can't see those that CloudFront disallows; they stay.
	Header http.Header

	// Origin is the origin that the function chose; nil for the behavior's.
	Origin *OriginUpdate
}

// A Response is a response to a viewer.
type Response struct {
	// StatusCode is the HTTP status, from 200 to 599.
	StatusCode int

	// StatusDescription is the reason phrase; it may be empty.
	StatusDescription string

	// Header holds the headers, Set-Cookie among them.
	Header http.Header

	// Body is the body that the function gave, if HasBody. A function never
	// sees the body that comes from the origin or the cache.
	Body []byte

	// HasBody says that Body replaces the original body, even if it
	// is empty. If not, the original body stays; a response that the function
	// generated has none.
	HasBody bool
}

// A Result is what a viewer-request function returned: one of the two is nil.
type Result struct {
	// Request is the request to go on with.
	Request *Request

	// Response is the response to send to the viewer at once.
	Response *Response
}

// event is what a function is called with.
type event struct {
	kind     string
	request  *Request
	response *Response // nil at viewer-request

	origin *OriginUpdate // what the function asked for

	// What the function was shown, to tell what it changed.
	query, cookies, setCookies *fields
	headers, responseHeaders   shownHeaders
}

// encode makes the event object, version 1.0.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
func (m *machine) encode(e *event) *goja.Object {
	root := m.js.NewObject()
	m.put(root, "version", "1.0")
	m.put(root, "context", m.object(
		"distributionDomainName", m.f.config.DistributionDomainName,
		"distributionId", m.f.config.DistributionID,
		"eventType", e.kind,
		"requestId", e.request.ID))
	m.put(root, "viewer", m.object("ip", e.request.ViewerIP))
	m.put(root, "request", m.encodeRequest(e))
	if e.response != nil {
		m.put(root, "response", m.encodeResponse(e))
	}
	return root
}

func (m *machine) encodeRequest(e *event) *goja.Object {
	r := e.request
	e.query, e.cookies = parseQuery(r.RawQuery), parseCookies(r.Header)
	e.headers = showHeaders(r.Header, "request")
	object := m.object("method", r.Method, "uri", headers.UTF8(r.URI))
	m.put(object, "querystring", m.encodeFields(e.query))
	m.put(object, "headers", m.encodeFields(e.headers.fields))
	m.put(object, "cookies", m.encodeFields(e.cookies))
	if m.f.config.Runtime == Runtime2 {
		m.define(object, "rawQueryString", m.js.ToValue(func(goja.FunctionCall) goja.Value {
			if r.RawQuery == "" && !r.ForceQuery {
				return goja.Undefined()
			}
			return m.js.ToValue(headers.UTF8(r.RawQuery))
		}), goja.FLAG_FALSE)
	}
	return object
}

func (m *machine) encodeResponse(e *event) *goja.Object {
	r := e.response
	e.responseHeaders, e.setCookies = showHeaders(r.Header, "response"), parseSetCookies(r.Header)
	object := m.js.NewObject()
	m.put(object, "statusCode", r.StatusCode)
	m.put(object, "statusDescription", r.StatusDescription)
	m.put(object, "headers", m.encodeFields(e.responseHeaders.fields))
	m.put(object, "cookies", m.encodeFields(e.setCookies))
	return object
}

func (m *machine) encodeFields(f *fields) *goja.Object {
	object := m.js.NewObject()
	for _, name := range f.names {
		values := f.values[name]
		field := m.encodeValue(values[0])
		if len(values) > 1 {
			all := make([]any, len(values))
			for i, v := range values {
				all[i] = m.encodeValue(v)
			}
			m.put(field, "multiValue", m.js.NewArray(all...))
		}
		m.put(object, name, field)
	}
	return object
}

func (m *machine) encodeValue(v value) *goja.Object {
	object := m.object("value", v.text)
	if v.attributes != "" {
		m.put(object, "attributes", v.attributes)
	}
	return object
}

func (m *machine) object(pairs ...string) *goja.Object {
	object := m.js.NewObject()
	for i := 0; i < len(pairs); i += 2 {
		m.put(object, pairs[i], pairs[i+1])
	}
	return object
}

func (m *machine) put(object *goja.Object, name string, value any) {
	m.define(object, name, m.js.ToValue(value), goja.FLAG_TRUE)
}

// define never runs a setter, so that a header or parameter may be called __proto__.
func (m *machine) define(object *goja.Object, name string, value goja.Value, enumerable goja.Flag) {
	if err := object.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, enumerable); err != nil {
		panic(err) // a fresh object accepts every name
	}
}

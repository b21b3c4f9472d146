package cffunction

import (
	"encoding/base64"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// response reads a result that is a response; original is nil if the function
// generated it.
func (d *decoder) response(result *goja.Object, original *Response) *Response {
	r := &Response{}
	headers, cookies := shownHeaders{fields: newFields()}, newFields()
	if original != nil {
		r.Header = original.Header
		headers, cookies = d.event.responseHeaders, d.event.setCookies
	}
	status := result.Get("statusCode")
	code, whole := integer(status)
	if !whole {
		d.fail("write a number, as statusCode: 200", "response.statusCode must be an integer, and is %s", kind(status))
	} else if code < 200 || code > 599 {
		// Inferred: an informational status is rejected.
		d.fail("use a status from 200 to 599", "response.statusCode is %d", code)
	}
	r.StatusCode = int(code)
	r.StatusDescription, _ = d.text(result, "response", "statusDescription")
	r.Header = d.headers(result, "response", headers, r.Header)
	set := d.fields(result, "response", "cookies", cookies)
	if !set.same(cookies) {
		setCookieLines(r.Header, "Set-Cookie", set.setCookies(cookies))
	}
	r.Body, r.HasBody = d.body(result)
	return r
}

// body reads a body: text, or an object with encoding and data.
func (d *decoder) body(result *goja.Object) ([]byte, bool) {
	body := result.Get("body")
	if absent(body) {
		return nil, false
	}
	if goja.IsString(body) {
		return []byte(body.String()), true
	}
	object, ok := body.(*goja.Object)
	if !ok {
		d.fail("write body: 'text' or body: {encoding: 'text', data: 'text'}", "response.body must be a string or an object, and is %s", kind(body))
		return nil, false
	}
	data, ok := d.text(object, "response.body", "data")
	if !ok {
		d.fail("write data: 'text'", "response.body.data must be a string")
	}
	encoding, _ := d.text(object, "response.body", "encoding")
	decoded, err := DecodeBody(data, encoding)
	d.check("response.body", err)
	return decoded, true
}

// DecodeBody returns a body that an edge function gave as text or base64.
func DecodeBody(data, encoding string) ([]byte, error) {
	switch encoding {
	case "text":
		return []byte(data), nil
	case "base64":
		decoded, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return nil, fault.New("encode the bytes with base64, padding included", "the data is not valid base64: %v", err)
		}
		return decoded, nil
	}
	return nil, fault.New("use text or base64", "the encoding is %q", encoding)
}

package cffunction

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// MaxURISize is more characters than the URI and the query string of a request
// may have.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-uri
const MaxURISize = 8192

// A decoder reads a function's result and keeps the first reason for which
// CloudFront rejects it.
type decoder struct {
	f     *Function
	event *event
	err   error
}

func (d *decoder) fail(hint, format string, args ...any) {
	if d.err == nil {
		d.err = &Error{ValidationError, d.f.config.Name, d.f.atHandler(fmt.Sprintf(format, args...), hint)}
	}
}

// check keeps the reason why CloudFront rejects a part of a result.
func (d *decoder) check(where string, err error) {
	if err != nil {
		d.fail(fault.HintOf(err), "%s: %v", where, err)
	}
}

func (d *decoder) read(result goja.Value, read func(*decoder, *goja.Object)) {
	object, ok := result.(*goja.Object)
	if !ok {
		d.fail("return "+d.wanted(), "the handler returned %s, and must return an object", kind(result))
		return
	}
	if object.Get("request") != nil && object.Get("context") != nil {
		d.fail("return "+d.wanted(), "the handler returned the whole event")
		return
	}
	read(d, object)
}

func (d *decoder) wanted() string {
	if d.event.response != nil {
		return "event.response"
	}
	return "event.request, or a response with a statusCode"
}

// request reads a result that is a request.
func (d *decoder) request(result *goja.Object) *Request {
	shown := d.event
	r := *shown.request
	r.Origin = shown.origin
	if method, ok := d.text(result, "request", "method"); ok && method != r.Method {
		d.fail("leave it as it is", "request.method is read-only, and changes from %s to %q", r.Method, method)
	}
	if uri, _ := d.text(result, "request", "uri"); uri != headers.UTF8(r.URI) {
		// Inferred: characters that would end the path are escaped.
		r.URI = strings.NewReplacer("?", "%3F", "#", "%23", " ", "%20").Replace(uri)
	}
	if query, changed := d.query(result); changed {
		r.RawQuery, r.ForceQuery = query, false
	}
	if r.URI != shown.request.URI || r.RawQuery != shown.request.RawQuery {
		d.check("request", CheckURI(r.URI, r.RawQuery))
	}
	r.Header = d.headers(result, "request", shown.headers, r.Header)
	cookies := d.fields(result, "request", "cookies", shown.cookies)
	if !cookies.same(shown.cookies) {
		setCookieLines(r.Header, "Cookie", cookies.cookies(shown.cookies))
	}
	return &r
}

// query returns the query string of a result, and whether it changed. It may be
// text instead of an object.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/example_cloudfront_functions_normalize_query_string_parameters_section.html
func (d *decoder) query(result *goja.Object) (query string, changed bool) {
	if given := result.Get("querystring"); given != nil && goja.IsString(given) {
		return given.String(), given.String() != headers.UTF8(d.event.request.RawQuery)
	}
	given := d.fields(result, "request", "querystring", d.event.query)
	return given.query(d.event.query), !given.same(d.event.query)
}

// CheckURI returns why CloudFront rejects a path and a query string that an edge
// function returned.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-query-strings
func CheckURI(uri, query string) error {
	switch {
	case !strings.HasPrefix(uri, "/"):
		return fault.New("begin it with /", "the URI must begin with a slash, and is %.40q", uri)
	case len(uri)+1+len(query) >= MaxURISize:
		return fault.New("shorten it", "the URI and its query string have %d characters, and must have less than %d", len(uri)+1+len(query), MaxURISize)
	case strings.ContainsAny(uri, "?#") || strings.Contains(query, "#"):
		return fault.New("percent-encode it", "the URI or the query string has a ? or # within")
	case strings.ContainsFunc(uri+query, func(c rune) bool { return c <= ' ' || c == 0x7F }):
		return fault.New("percent-encode it", "the URI or the query string has a space or a control character")
	}
	return nil
}

// fields reads querystring, headers or cookies, which may be absent.
func (d *decoder) fields(result *goja.Object, where, name string, shown *fields) *fields {
	f := newFields()
	where += "." + name
	all := result.Get(name)
	if absent(all) {
		return f
	}
	object, ok := all.(*goja.Object)
	if !ok {
		d.fail("write "+name+": {name: {value: 'text'}}", "%s must be an object, and is %s", where, kind(all))
		return f
	}
	for _, key := range object.Keys() {
		field, ok := object.Get(key).(*goja.Object)
		if !ok {
			d.fail("write {value: 'text'}", "%s[%q] must be an object with a value, and is %s", where, key, kind(object.Get(key)))
			continue
		}
		for _, v := range d.values(field, fmt.Sprintf("%s[%q]", where, key), shown.values[key]) {
			f.add(key, v)
		}
	}
	return f
}

// values reads one field. A changed multiValue array is used; otherwise value
// replaces the array's first element.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html#functions-event-structure-multivalue
func (d *decoder) values(field *goja.Object, where string, shown []value) []value {
	multi, ok := field.Get("multiValue").(*goja.Object)
	if !ok {
		return []value{d.value(field, where)}
	}
	if multi.ClassName() != "Array" {
		d.fail("write [{value: 'text'}]", "%s.multiValue must be an array", where)
		return nil
	}
	var all []value
	for i := range multi.Get("length").ToInteger() {
		element, ok := multi.Get(fmt.Sprint(i)).(*goja.Object)
		if !ok {
			d.fail("write {value: 'text'}", "%s.multiValue[%d] must be an object with a value", where, i)
			return nil
		}
		all = append(all, d.value(element, where))
	}
	if len(shown) > 1 && slices.Equal(all, shown) {
		all = append([]value{d.value(field, where)}, all[1:]...)
	}
	return all
}

func (d *decoder) value(object *goja.Object, where string) value {
	given := object.Get("value")
	if given == nil || !goja.IsString(given) {
		d.fail("write {value: 'text'}, with String(x) for a number", "%s.value must be a string, and is %s", where, kind(given))
		return value{}
	}
	attributes, _ := d.text(object, where, "attributes")
	return value{text: given.String(), attributes: attributes}
}

// text reads a string that may be absent.
func (d *decoder) text(object *goja.Object, where, name string) (string, bool) {
	given := object.Get(name)
	if absent(given) {
		return "", false
	}
	if !goja.IsString(given) {
		d.fail("write a string", "%s.%s must be a string, and is %s", where, name, kind(given))
		return "", false
	}
	return given.String(), true
}

func absent(v goja.Value) bool { return v == nil || goja.IsUndefined(v) || goja.IsNull(v) }

func integer(v goja.Value) (int64, bool) {
	if v == nil || !goja.IsNumber(v) {
		return 0, false
	}
	n := v.ToInteger()
	return n, v.ToFloat() == float64(n)
}

// kind names a value for a message.
func kind(v goja.Value) string {
	switch {
	case v == nil || goja.IsUndefined(v):
		return "undefined"
	case goja.IsNull(v):
		return "null"
	case goja.IsString(v):
		return fmt.Sprintf("the string %.40q", v.String())
	}
	if object, ok := v.(*goja.Object); ok {
		return "an object of class " + object.ClassName()
	}
	return v.String()
}

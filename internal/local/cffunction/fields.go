package cffunction

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// A value is one value of a parameter, header or cookie.
type value struct {
	text       string
	attributes string // of a Set-Cookie
}

// fields are the parameters, headers or cookies of a message: each name once,
// with all its values, as the event shows them.
type fields struct {
	names  []string
	values map[string][]value

	// raw holds what came over the wire for a name. It is sent on if the
	// function changes nothing about that name.
	//
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-encoding
	raw map[string][]string
}

func newFields() *fields {
	return &fields{values: map[string][]value{}, raw: map[string][]string{}}
}

func (f *fields) add(name string, v value, raw ...string) {
	if _, known := f.values[name]; !known {
		f.names = append(f.names, name)
	}
	f.values[name] = append(f.values[name], v)
	f.raw[name] = append(f.raw[name], raw...)
}

// same reports whether f and other hold the same names and values.
func (f *fields) same(other *fields) bool {
	return maps.EqualFunc(f.values, other.values, slices.Equal[[]value])
}

// parseQuery splits a query string. Names and values stay percent-encoded:
// CloudFront forwards them to the function without changing them.
func parseQuery(raw string) *fields {
	f := newFields()
	for part := range strings.SplitSeq(raw, "&") {
		if part != "" {
			name, text, _ := strings.Cut(part, "=")
			f.add(headers.UTF8(name), value{text: headers.UTF8(text)}, part)
		}
	}
	return f
}

// written returns what a function saw and left as it was as it arrived, and the
// rest as write has it; shown is what the function saw.
func (f *fields) written(shown *fields, write func(name string, v value) string) (parts []string) {
	for _, name := range f.names {
		if slices.Equal(f.values[name], shown.values[name]) {
			parts = append(parts, shown.raw[name]...)
			continue
		}
		for _, v := range f.values[name] {
			parts = append(parts, write(name, v))
		}
	}
	return parts
}

func pair(name string, v value) string { return name + "=" + v.text }

func (f *fields) query(shown *fields) string {
	return strings.Join(f.written(shown, pair), "&")
}

// setCookieLines replaces the headers that hold cookies.
func setCookieLines(header http.Header, name string, lines []string) {
	header.Del(name)
	if len(lines) > 0 {
		header[name] = lines
	}
}

func parseCookies(header http.Header) *fields {
	f := newFields()
	for part := range headers.Cookies(header["Cookie"]) {
		name, text, _ := strings.Cut(part, "=")
		f.add(headers.UTF8(name), value{text: headers.UTF8(text)}, part)
	}
	return f
}

// cookies returns the Cookie header.
func (f *fields) cookies(shown *fields) []string {
	parts := f.written(shown, pair)
	if len(parts) == 0 {
		return nil
	}
	return []string{strings.Join(parts, "; ")}
}

func parseSetCookies(header http.Header) *fields {
	f := newFields()
	for _, line := range header["Set-Cookie"] {
		pair, attributes, _ := strings.Cut(line, ";")
		name, text, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
		f.add(headers.UTF8(name), value{text: headers.UTF8(text), attributes: headers.UTF8(strings.Trim(attributes, " \t"))}, line)
	}
	return f
}

// setCookies returns the Set-Cookie headers.
func (f *fields) setCookies(shown *fields) []string {
	return f.written(shown, func(name string, v value) string {
		if v.attributes == "" {
			return pair(name, v)
		}
		return pair(name, v) + "; " + v.attributes
	})
}

// hasCookies is the header of a request or a response that the event shows as
// cookies.
var hasCookies = map[string]string{"request": "Cookie", "response": "Set-Cookie"}

// shownHeaders are the headers of a message as the function sees them.
type shownHeaders struct {
	seen http.Header
	*fields
}

// showHeaders takes the headers that functions may see. where is "request" or
// "response".
func showHeaders(header http.Header, where string) shownHeaders {
	shown := shownHeaders{headers.Visible(header), newFields()}
	delete(shown.seen, hasCookies[where])
	for _, key := range slices.Sorted(maps.Keys(shown.seen)) {
		for _, text := range shown.seen[key] {
			shown.add(strings.ToLower(key), value{text: text})
		}
	}
	return shown
}

// headers reads the headers of a result, and adds those that the function
// couldn't see.
func (d *decoder) headers(result *goja.Object, where string, shown shownHeaders, original http.Header) http.Header {
	given, returned := d.fields(result, where, "headers", shown.fields), http.Header{}
	for _, name := range given.names {
		if name != strings.ToLower(name) {
			d.fail("write "+strings.ToLower(name), "%s.headers must have header names in lower case, and has %q", where, name)
		}
		// CloudFront capitalizes the first letter of each word.
		key := http.CanonicalHeaderKey(name)
		if key == hasCookies[where] {
			d.fail("use "+where+".cookies", "%s.headers has %q", where, name)
		}
		for _, v := range given.values[name] {
			returned[key] = append(returned[key], v.text)
		}
	}
	d.check(where+".headers", headers.Check(returned, shown.seen, headers.ReadOnly("viewer-"+where)))
	return headers.Restore(returned, shown.seen, original)
}

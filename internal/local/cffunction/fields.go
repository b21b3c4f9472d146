package cffunction

import (
	"maps"
	"net/http"
	"slices"
	"strings"

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

// parseHeaders takes the headers that functions may see, without those that
// hold cookies.
func parseHeaders(header http.Header, cookies string) *fields {
	f := newFields()
	for _, key := range slices.Sorted(maps.Keys(header)) {
		name := strings.ToLower(key)
		if name == cookies || headers.Disallowed(name) {
			continue
		}
		for _, text := range header[key] {
			f.add(name, value{text: headers.UTF8(text)}, text)
		}
	}
	return f
}

// apply writes f into a copy of header, which shown was taken from.
func (f *fields) apply(header http.Header, shown *fields) http.Header {
	out := http.Header{}
	for key, values := range header {
		name := strings.ToLower(key)
		_, was := shown.values[name]
		if !was || slices.Equal(f.values[name], shown.values[name]) {
			out[key] = slices.Clone(values)
		}
	}
	for _, name := range f.names {
		if !slices.Equal(f.values[name], shown.values[name]) {
			// CloudFront capitalizes the first letter of each word.
			key := http.CanonicalHeaderKey(name)
			for _, v := range f.values[name] {
				out[key] = append(out[key], v.text)
			}
		}
	}
	return out
}

func cookieLines(header http.Header, name string) (lines []string) {
	for _, key := range slices.Sorted(maps.Keys(header)) {
		if strings.EqualFold(key, name) {
			lines = append(lines, header[key]...)
		}
	}
	return lines
}

func setCookieLines(header http.Header, name string, lines []string) {
	maps.DeleteFunc(header, func(key string, _ []string) bool { return strings.EqualFold(key, name) })
	if len(lines) > 0 {
		header[name] = lines
	}
}

func parseCookies(header http.Header) *fields {
	f := newFields()
	for _, line := range cookieLines(header, "Cookie") {
		for part := range strings.SplitSeq(line, ";") {
			if part = strings.Trim(part, " \t"); part != "" {
				name, text, _ := strings.Cut(part, "=")
				f.add(headers.UTF8(name), value{text: headers.UTF8(text)}, part)
			}
		}
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
	for _, line := range cookieLines(header, "Set-Cookie") {
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

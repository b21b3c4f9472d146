package cffunction

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

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

package cffunction

import (
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// checkHeaders checks the headers of a result. where is "request" or "response".
func (d *decoder) checkHeaders(where string, given, shown *fields) {
	for _, name := range given.names {
		if slices.Equal(given.values[name], shown.values[name]) {
			continue // as the viewer or the origin sent it
		}
		if name != strings.ToLower(name) {
			d.fail("write "+strings.ToLower(name), "%s.headers must have header names in lower case, and has %q", where, name)
		}
		if !httpguts.ValidHeaderFieldName(name) {
			d.fail("use letters, digits and hyphens", "%s.headers has the invalid name %q", where, name)
		}
		if headers.Disallowed(name) {
			d.fail("leave it out", "%s.headers adds %q, which edge functions can't", where, name)
		}
		for _, v := range given.values[name] {
			if !httpguts.ValidHeaderFieldValue(v.text) {
				d.fail("percent-encode it", "the value of %s.headers[%q] has a control character", where, name)
			}
		}
	}
	for _, name := range headers.ReadOnly("viewer-" + where) {
		name = strings.ToLower(name)
		if !slices.Equal(given.values[name], shown.values[name]) {
			d.fail("leave it as it is", "%s.headers changes %q, which is read-only", where, name)
		}
	}
	if _, ok := given.values["cookie"]; ok && where == "request" {
		d.fail("use request.cookies", `request.headers has "cookie"`)
	}
	if _, ok := given.values["set-cookie"]; ok && where == "response" {
		d.fail("use response.cookies", `response.headers has "set-cookie"`)
	}
}

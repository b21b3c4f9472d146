package edge

import (
	"fmt"
	"strings"
)

// A ViewerRequest is what one CloudFront Function does at viewer-request, on
// cloudfront-js-2.0. The steps run in the order of the fields. A step that
// returns a response ends the request.
type ViewerRequest struct {
	// RejectDefaultDomain rejects requests for a cloudfront.net name with a 403
	// in JSON.
	RejectDefaultDomain bool

	// Code declares the function viewerRequest, which may be async. It is called
	// with the event, and returns the request to continue with or a response. It
	// can't declare ReservedNames. OriginalHost removes forged headers before, so
	// those that Code sets are kept.
	Code string

	// RequireHash rejects bodies whose SHA-256 the viewer didn't send, with a 411
	// in JSON.
	RequireHash bool

	// Handler is a source that declares the function handler. No string or
	// comment in it spans lines.
	// Default: OriginalHost
	Handler string

	// MaxHeaderSize is the largest size of the forwarded headers, in bytes. Larger
	// ones are rejected with a 431 in JSON. Default: 0, unlimited
	MaxHeaderSize int
}

// ReservedNames are the names that Code can't declare at its top level.
var ReservedNames = []string{"handler", "cloudfurl"}

// Source returns the source of the function. Code comes first and unchanged, so
// its lines keep their numbers. With Handler alone it is Handler.
func (v ViewerRequest) Source() string {
	handler, last := v.Handler, "handler(event)"
	if handler == "" {
		handler = OriginalHost
	}
	if v == (ViewerRequest{Handler: v.Handler}) {
		return handler
	}
	parts := []string{handler}
	var before, after []string // expressions: a response, a request, or undefined to continue
	if v.RejectDefaultDomain || v.RequireHash || v.MaxHeaderSize > 0 {
		parts = append(parts, reject)
	}
	if v.RejectDefaultDomain {
		parts = append(parts, rejectDefaultDomain)
		before = append(before, "rejectDefaultDomain(event.request)")
	}
	switch {
	case v.Code != "" && v.Handler == "":
		before, last = append(before, "removeForged(event.request)"), "keepOriginals(event.request)"
	case v.Code != "":
		before = append(before, "event.request")
	}
	if v.RequireHash {
		parts = append(parts, requireHash)
		after = append(after, "requireHash(event.request)")
	}
	if v.MaxHeaderSize > 0 {
		parts = append(parts, limitHeaders)
		last = fmt.Sprintf("limitHeaders(%s, %d)", last, v.MaxHeaderSize)
	}
	after = append(after, last)
	source := "const cloudfurl = (function () {\n" + compact(parts) + "return {\n"
	if v.Code == "" {
		return source + arrow("run", append(before, after...)) + "};\n})();\n\n" +
			"function handler(event) {\n  return cloudfurl.run(event);\n}\n"
	}
	return strings.TrimRight(v.Code, "\n") + "\n\n" + source +
		arrow("before", before) + arrow("after", after) + "};\n})();\n\n" + withCode
}

// withCode is the handler around Code. CloudFront itself reports a result of Code
// that is neither a request nor a response.
const withCode = `async function handler(event) {
  const before = cloudfurl.before(event);
  if (before.statusCode) return before;
  const result = await viewerRequest(event);
  if (!result || !result.headers || result.statusCode !== undefined) return result;
  event.request = result;
  return cloudfurl.after(event);
}
`

// arrow returns a property whose function returns the value of the first of the
// expressions that has one.
func arrow(name string, expressions []string) string {
	return name + ": (event) => " + strings.Join(expressions, " || ") + ",\n"
}

// compact returns sources without their comments and indentation, which count
// towards CloudFront's limit of 10 KB.
func compact(sources []string) string {
	var code strings.Builder
	for line := range strings.Lines(strings.Join(sources, "\n")) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "//") {
			code.WriteString(line + "\n")
		}
	}
	return code.String()
}

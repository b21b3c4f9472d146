package edge

import (
	"cmp"
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
	// can't declare ReservedNames.
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
	handler := cmp.Or(v.Handler, OriginalHost)
	if v == (ViewerRequest{Handler: v.Handler}) {
		return handler
	}
	var source, steps strings.Builder
	function := "function handler(event) {\n"
	exports := []string{"handler: handler"}
	if v.Code != "" {
		source.WriteString(strings.TrimRight(v.Code, "\n") + "\n\n")
	}
	source.WriteString("const cloudfurl = (function () {\n" + compact(handler))
	if v.RejectDefaultDomain || v.RequireHash || v.MaxHeaderSize > 0 {
		source.WriteString(compact(reject))
	}
	step := func(name, part, arguments string) {
		source.WriteString(compact(part))
		exports = append(exports, name+": "+name)
		fmt.Fprintf(&steps, "  const %[1]s = cloudfurl.%[1]s(%[2]s);\n  if (%[1]s) return %[1]s;\n", name, arguments)
	}
	if v.RejectDefaultDomain {
		step("rejectDefaultDomain", rejectDefaultDomain, "event.request")
	}
	if v.Code != "" {
		function = "async " + function
		// CloudFront itself reports a result that is neither a request nor a response.
		steps.WriteString("  const result = await viewerRequest(event);\n" +
			"  if (!result || !result.headers || result.statusCode !== undefined) return result;\n" +
			"  event.request = result;\n")
	}
	if v.RequireHash {
		step("requireHash", requireHash, "event.request")
	}
	if v.MaxHeaderSize > 0 {
		steps.WriteString("  event.request = cloudfurl.handler(event);\n" +
			"  if (event.request.statusCode !== undefined) return event.request;\n")
		step("limitHeaders", limitHeaders, fmt.Sprintf("event.request, %d", v.MaxHeaderSize))
	}
	source.WriteString("return { " + strings.Join(exports, ", ") + " };\n})();\n\n")
	if v.MaxHeaderSize > 0 {
		steps.WriteString("  return event.request;\n}\n")
	} else {
		steps.WriteString("  return cloudfurl.handler(event);\n}\n")
	}
	return source.String() + function + steps.String()
}

// compact returns a source without its comments and
// indentation, which count towards CloudFront's limit of 10 KB.
func compact(source string) string {
	var code strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "//") {
			code.WriteString(line + "\n")
		}
	}
	return code.String()
}

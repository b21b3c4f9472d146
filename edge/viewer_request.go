package edge

import (
	"fmt"
	"strings"
)

// A ViewerRequest is what one CloudFront Function does at viewer-request, on
// cloudfront-js-2.0. The steps run in the order of the fields, but forged headers
// are removed before Code. A step that returns a response ends the request.
type ViewerRequest struct {
	// RejectDefaultDomain rejects requests for a cloudfront.net name with a 403
	// in JSON.
	RejectDefaultDomain bool

	// Code declares the function viewerRequest, which may be async. It is called
	// with the event, and returns the request to continue with or a response. It
	// can't declare ReservedNames. With OriginalHost, forged headers are removed
	// before it, so those that Code sets are kept.
	Code string

	// RequireHash rejects bodies whose SHA-256 the viewer didn't send, with a 411
	// in JSON.
	RequireHash bool

	// Handler is a source that declares the function handler. No string or
	// comment in it spans lines. Default: what OriginalHost does
	Handler string

	// MaxHeaderSize is the largest size of the forwarded headers, in bytes. Larger
	// ones are rejected with a 431 in JSON. Default: 0, unlimited
	MaxHeaderSize int
}

// ReservedNames are the names that Code can't declare at its top level.
var ReservedNames = []string{"handler", "cloudfurl"}

// A step is a function of the JavaScript that gets the event, and returns the
// request to continue with or a response.
type step struct {
	wanted bool
	name   string // of the function; empty if the source only helps others
	source string // empty if that of another step declares the function
}

func (v ViewerRequest) steps() []step {
	rejects := v.RejectDefaultDomain || v.RequireHash || v.MaxHeaderSize > 0
	limit := fmt.Sprintf("const maxHeaderSize = %d;", v.MaxHeaderSize)
	return []step{
		{rejects, "", reject},
		{v.RejectDefaultDomain, "rejectDefaultDomain", rejectDefaultDomain},
		{v.Handler == "", "removeForged", originalHost},
		{v.Code != "", "viewerRequest", ""},
		{v.RequireHash, "requireHash", requireHash},
		{v.Handler == "", "keepOriginals", ""},
		{v.Handler != "", "handler", v.Handler},
		{v.MaxHeaderSize > 0, "limitHeaders", strings.Replace(limitHeaders, "const maxHeaderSize = 0;", limit, 1)},
	}
}

// Source returns the source of the function. Code comes first and unchanged, so
// its lines keep their numbers.
func (v ViewerRequest) Source() string {
	var sources, names []string
	for _, step := range v.steps() {
		if step.wanted {
			sources = append(sources, step.source)
		}
		if step.wanted && step.name != "" {
			names = append(names, step.name)
		}
	}
	code := strings.TrimRight(v.Code, "\n")
	if code != "" {
		code += "\n\n"
	}
	return code + "const cloudfurl = (() => {\n" + compact(sources...) +
		"return [" + strings.Join(names, ", ") + "];\n})();\n" + compact(run)
}

// compact returns sources without their comments and indentation, which count
// towards CloudFront's limit of 10 KB.
func compact(sources ...string) string {
	var code strings.Builder
	for line := range strings.Lines(strings.Join(sources, "\n")) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "//") {
			code.WriteString(line + "\n")
		}
	}
	return code.String()
}

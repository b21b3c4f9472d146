package edge

import (
	"encoding/json"
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

	// Authorization rejects requests without an access token that may be valid.
	// Default: nil, no token is needed
	Authorization *Authorization

	// RequireHash rejects bodies whose SHA-256 the viewer didn't send, with a 411
	// in JSON.
	RequireHash bool

	// Handler is a source that declares the function handler. No string or
	// comment in it spans lines. Default: what OriginalHost does
	Handler string
}

// MetadataPath is where a resource's metadata is, followed by the path of the
// resource.
//
// See: https://www.rfc-editor.org/rfc/rfc9728#section-3
const MetadataPath = "/.well-known/oauth-protected-resource"

// An Authorization is which access tokens a resource accepts. Their signatures
// can't be verified at the edge.
type Authorization struct {
	// Issuer is the iss of the tokens.
	Issuer string `json:"issuer"`

	// Audiences are values of aud, of which a token has at least one, or of
	// client_id in tokens without aud. Default: the resource
	Audiences []string `json:"audiences,omitempty"`

	// Scopes are what a token has in scope or scp. Default: none is needed
	Scopes []string `json:"scopes,omitempty"`

	// Origin is the scheme and the host of the resource. Default: https and the
	// viewer's Host
	Origin string `json:"origin,omitempty"`

	// Path is the path of the resource, without a slash at the end. It may be
	// empty.
	Path string `json:"path"`
}

// source returns authorize.js with the value.
func (a *Authorization) source() string {
	value, _ := json.Marshal(a)
	return strings.Replace(authorize, "const authorization = {};", "const authorization = "+string(value)+";", 1)
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
	rejects := v.RejectDefaultDomain || v.Authorization != nil || v.RequireHash
	return []step{
		{rejects, "", reject},
		{v.RejectDefaultDomain, "rejectDefaultDomain", rejectDefaultDomain},
		{v.Handler == "", "removeForged", originalHost},
		{v.Code != "", "viewerRequest", ""},
		{v.Authorization != nil, "authorize", v.Authorization.source()},
		{v.RequireHash, "requireHash", requireHash},
		{v.Handler == "", "keepOriginals", ""},
		{v.Handler != "", "handler", v.Handler},
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

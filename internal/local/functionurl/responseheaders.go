package functionurl

import (
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// remapped are the response headers of a function that a viewer gets under
// another name.
//
// Seen: www-authenticate on every function URL, content-length on streamed
// responses (cargo-lambda#862); connection, date and server on API Gateway.
// Inferred: function URLs remap those three too.
var remapped = map[string]bool{
	"Connection": true, "Content-Length": true, "Date": true, "Server": true, "Www-Authenticate": true,
}

const remappedPrefix = "X-Amzn-Remapped-"

// responseHeaders returns the headers of a response as the viewer gets them.
func (p prelude) responseHeaders(streamed bool, defaultContentType string) http.Header {
	h := make(http.Header, len(p.headers)+5)
	for name, values := range p.headers {
		switch {
		case name == "Content-Length" && !streamed:
			// exchange.NewResponse sets the length of the body.
		case remapped[name]:
			h[remappedPrefix+name] = values
		case headers.HopByHop(name), name == "X-Amzn-Requestid", name == "X-Amzn-Trace-Id":
		case name == "Content-Encoding" && streamed:
			// Seen: stripped from streamed responses (opennextjs-aws#1127).
		default:
			h[name] = values
		}
	}
	if len(p.cookies) > 0 {
		h["Set-Cookie"] = append([]string(nil), p.cookies...)
	}
	if _, ok := h["Content-Type"]; !ok && exchange.BodyAllowed(p.status) {
		h.Set("Content-Type", defaultContentType)
	}
	return h
}

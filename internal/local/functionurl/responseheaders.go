package functionurl

import (
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
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
func responseHeaders(head payload.Head, streamed bool, defaultContentType string) http.Header {
	h := make(http.Header, len(head.Header)+5)
	for name, values := range head.Header {
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
	if len(head.Cookies) > 0 {
		h["Set-Cookie"] = append([]string(nil), head.Cookies...)
	}
	if _, ok := h["Content-Type"]; !ok && exchange.BodyAllowed(head.Status) {
		h.Set("Content-Type", defaultContentType)
	}
	return h
}

// isCompressed returns the encoding that the function declared, and whether it did.
func isCompressed(head payload.Head) (string, bool) {
	value := head.Header.Get("Content-Encoding")
	return value, value != "" && !strings.EqualFold(value, "identity")
}

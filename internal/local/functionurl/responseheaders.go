package functionurl

import (
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
)

// remapped are the response headers of a function that a viewer gets under
// another name.
//
// Seen: www-authenticate on every function URL, content-length on streamed
// responses (cargo-lambda#862); connection, date and server on API Gateway.
// Inferred: function URLs remap those three too.
var remapped = headers.Set("Connection", "Content-Length", "Date", "Server", "Www-Authenticate")

// What viewers don't get of buffered and of streamed responses. A buffered one has
// the length of its body.
// Seen: content-encoding is stripped from streamed responses (opennextjs-aws#1127).
var (
	droppedBuffered = headers.Set("Content-Length", "X-Amzn-Requestid", "X-Amzn-Trace-Id")
	droppedStreamed = headers.Set("Content-Encoding", "X-Amzn-Requestid", "X-Amzn-Trace-Id")
)

// isCompressed returns the encoding that the function declared, and whether it did.
func isCompressed(head payload.Head) (string, bool) {
	value := head.Header.Get("Content-Encoding")
	return value, value != "" && !strings.EqualFold(value, "identity")
}

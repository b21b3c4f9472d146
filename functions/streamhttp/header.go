package streamhttp

import (
	"net/http"
	"strings"
)

// connectionFields belong to one connection, not to the response, and mean
// nothing in a prelude. Trailer goes with them: a stream has no trailers for
// the viewer.
//
// See: https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2
var connectionFields = []string{"Connection", "Keep-Alive", "Proxy-Connection", "Trailer", "Transfer-Encoding", "Upgrade"}

// preludeHeader writes a header the way the JSON prelude of a streaming
// response has it: one value a field, repeats joined with commas, and cookies,
// which cannot be joined, in a list of their own. Names keep the case in which
// the handler wrote them.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
func preludeHeader(header http.Header) (headers map[string]string, cookies []string) {
	headers = make(map[string]string, len(header))
	for name, values := range header {
		switch {
		case len(values) == 0 || belongsToConnection(name) || strings.HasPrefix(name, http.TrailerPrefix):
		case strings.EqualFold(name, "Set-Cookie"):
			for _, value := range values {
				cookies = append(cookies, oneLine(value))
			}
		default:
			headers[name] = oneLine(strings.Join(values, ","))
		}
	}
	return headers, cookies
}

func belongsToConnection(name string) bool {
	for _, field := range connectionFields {
		if strings.EqualFold(name, field) {
			return true
		}
	}
	return false
}

var lineBreaks = strings.NewReplacer("\r", " ", "\n", " ")

// oneLine keeps a value from ending its field early, as net/http does.
func oneLine(value string) string { return strings.TrimSpace(lineBreaks.Replace(value)) }

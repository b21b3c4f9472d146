package streamhttp

import (
	"net/http"
	"slices"
	"strings"
)

// hopByHop are the headers that describe one connection and mean nothing in a
// prelude. Trailer is among them because the viewer gets no trailers.
//
// See: https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2
var hopByHop = []string{"Connection", "Keep-Alive", "Proxy-Connection", "Trailer", "Transfer-Encoding", "Upgrade"}

// preludeHeader returns a header as the JSON prelude of a streaming response
// has it: repeated values joined with commas, and cookies, which can't be
// joined, in a list. Names keep the handler's case. Those that aren't tokens are
// dropped, as by net/http, whose http.TrailerPrefix isn't one either.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
func preludeHeader(header http.Header) (headers map[string]string, cookies []string) {
	headers = make(map[string]string, len(header))
	for name, values := range header {
		switch {
		case len(values) == 0 || isHopByHop(name) || !isToken(name):
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

func isHopByHop(name string) bool {
	return slices.ContainsFunc(hopByHop, func(field string) bool { return strings.EqualFold(name, field) })
}

// isToken reports whether a name can be that of a header.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func isToken(name string) bool {
	const delimiters = `"(),/:;<=>?@[\]{}`
	return name != "" && !strings.ContainsFunc(name, func(c rune) bool {
		return c <= ' ' || c >= '\x7f' || strings.ContainsRune(delimiters, c)
	})
}

var lineBreaks = strings.NewReplacer("\r", " ", "\n", " ")

// oneLine removes line breaks from a header value, as net/http does.
func oneLine(value string) string { return strings.TrimSpace(lineBreaks.Replace(value)) }

package streamhttp

import (
	"errors"
	"io"
	"log/slog"
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

// ErrContentEncoding is the error of Write and Flush if the handler has set
// Content-Encoding on a response with a body.
var ErrContentEncoding = errors.New("streamhttp: a function URL removes Content-Encoding from a streamed response: don't compress it")

const refusal = "500 Internal Server Error: the handler compressed its response (Content-Encoding), which a streaming function URL can't pass on.\n"

// isCompression reports whether a Content-Encoding changes the body.
func isCompression(encoding string) bool {
	return encoding != "" && !strings.EqualFold(encoding, "identity")
}

// refuse sends a 500 instead of a compressed response, at once. Otherwise the
// viewer would get bytes that nothing says how to read: the function URL removes
// the header, and decodes the body or doesn't, and CloudFront has responded with
// 502s. Callers hold w.mu.
//
// Seen: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/96
// Seen: https://github.com/opennextjs/opennextjs-aws/issues/1127
func (w *responseWriter) refuse(encoding string) {
	w.log(slog.LevelError, "the handler set Content-Encoding, which a function URL removes from a streamed response: sending a 500; don't compress responses", "encoding", encoding)
	w.refused = true
	w.status = http.StatusInternalServerError
	text := refusal
	if w.request.Method == http.MethodHead {
		text = ""
	}
	w.release(errorHeader(), struct {
		io.Reader
		io.Closer // it ends the handler's context
	}{strings.NewReader(text), w.body})
}

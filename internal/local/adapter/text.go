package adapter

import (
	"mime"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decodeText returns a body as UTF-8 if the adapter takes it for text: without a
// Content-Encoding, and of one of these types or of none.
//
// Seen: lambda_http 1.1.0-rc1.
func decodeText(headers map[string]string, data []byte) (string, bool) {
	if _, ok := headers["content-encoding"]; ok {
		return "", false
	}
	contentType, ok := headers["content-type"]
	if ok && !isText(contentType) && headers["x-lambda-http-content-encoding"] != "text" {
		return "", false
	}
	_, parameters, _ := mime.ParseMediaType(contentType)
	if windows1252[strings.ToLower(parameters["charset"])] {
		if decoded, err := charmap.Windows1252.NewDecoder().Bytes(data); err == nil {
			return string(decoded), true
		}
	}
	return strings.TrimPrefix(toUTF8(data), "\uFEFF"), true
}

// toUTF8 replaces what isn't UTF-8, as the web does it.
//
// See: https://encoding.spec.whatwg.org/#utf-8-decoder
func toUTF8(data []byte) string {
	decoded, err := unicode.UTF8.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(decoded)
}

func isText(contentType string) bool {
	for _, prefix := range []string{"text", "application/json", "application/javascript", "application/xml", "application/yaml"} {
		if strings.HasPrefix(contentType, prefix) {
			return true
		}
	}
	mediaType, _, _ := strings.Cut(strings.TrimSpace(contentType), ";")
	for _, suffix := range []string{"+xml", "+yaml", "+json"} {
		if strings.HasSuffix(mediaType, suffix) {
			return true
		}
	}
	return false
}

// windows1252 are the names under which the web knows that character set.
//
// See: https://encoding.spec.whatwg.org/#names-and-labels
var windows1252 = map[string]bool{
	"ascii": true, "us-ascii": true, "iso-8859-1": true, "iso8859-1": true, "latin1": true, "l1": true,
	"windows-1252": true, "cp1252": true, "x-cp1252": true,
}

package sigv4

import (
	"cmp"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// canonicalRequest returns the canonical form of req, whose path is given, over
// the signed headers.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func canonicalRequest(req *http.Request, canonicalPath, canonicalQuery string, signedHeaders []string, payloadHash string) string {
	var b strings.Builder
	b.WriteString(cmp.Or(req.Method, http.MethodGet) + "\n" + canonicalPath + "\n" + canonicalQuery + "\n")
	for _, name := range signedHeaders {
		b.WriteString(name + ":" + headerValue(req, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(signedHeaders, ";") + "\n" + payloadHash)
	return b.String()
}

// headerValue returns the value of a signed header, which may be one that
// net/http keeps elsewhere: trimmed, with each run of spaces as one. A header
// that the request doesn't have is empty.
func headerValue(req *http.Request, name string) string {
	values := req.Header[http.CanonicalHeaderKey(name)]
	switch {
	case name == "host":
		return cmp.Or(req.Host, req.URL.Host)
	case len(values) > 0:
	case name == "content-length" && req.ContentLength >= 0:
		return strconv.FormatInt(req.ContentLength, 10)
	case name == "transfer-encoding":
		return strings.Join(req.TransferEncoding, ",")
	}
	collapsed := make([]string, len(values))
	for i, value := range values {
		collapsed[i] = strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == '\t' }), " ")
	}
	return strings.Join(collapsed, ",")
}

// canonicalPath returns an escaped path, which every service but S3 escapes
// once more.
func canonicalPath(escaped, service string) string {
	escaped = cmp.Or(escaped, "/")
	if service == ServiceS3 {
		return escaped
	}
	return strings.ReplaceAll(escape(escaped), "%2F", "/")
}

// A Parameter is one of a query, decoded.
type Parameter struct{ Name, Value string }

// ParseQuery returns the parameters of a query in their order. Semicolons and
// stray percent signs are data.
// Inferred: a "+" is a space.
func ParseQuery(raw string) []Parameter {
	var parameters []Parameter
	for pair := range strings.SplitSeq(raw, "&") {
		if pair != "" {
			name, value, _ := strings.Cut(pair, "=")
			parameters = append(parameters, Parameter{unescape(name), unescape(value)})
		}
	}
	return parameters
}

// canonicalQuery returns the parameters of a query encoded and then sorted, by
// name and value.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
// ("The sorting occurs after encoding.")
// Seen: aws-sdk-go-v2 sorts before it encodes, and AWS rejects its signatures where
// that matters (aws-sdk-go-v2#2969).
func canonicalQuery(raw string) string {
	encoded := ParseQuery(raw)
	for i, p := range encoded {
		encoded[i] = Parameter{escape(p.Name), escape(p.Value)}
	}
	slices.SortFunc(encoded, func(a, b Parameter) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	pairs := make([]string, len(encoded))
	for i, p := range encoded {
		pairs[i] = p.Name + "=" + p.Value
	}
	return strings.Join(pairs, "&")
}

// escape is UriEncode of the guide, which leaves the unreserved characters.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// Normalize returns an escaped path with its empty and relative segments resolved.
func Normalize(escaped string) string {
	clean := path.Clean("/" + escaped)
	if clean != "/" && (strings.HasSuffix(escaped, "/") || strings.HasSuffix(escaped, "/.") || strings.HasSuffix(escaped, "/..")) {
		clean += "/"
	}
	return clean
}

package cloudfront

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (r *FunctionResponse) check(event EventType, got http.Header) error {
	if r.StatusCode < 200 || r.StatusCode > 599 {
		return invalid("the status code " + strconv.Itoa(r.StatusCode) + " is not between 200 and 599")
	}
	header, err := canonical(r.Header)
	if err != nil {
		return err
	}
	r.Header = header
	if event == ViewerRequest {
		err = checkGeneratedHeaders(event, header)
	} else {
		err = checkHeaders(event, got, header)
	}
	if err != nil {
		return invalid(err.Error())
	}
	return nil
}

// generated returns what the viewer gets of a response that a function made up.
//
// Seen: Server: CloudFront and X-Cache: FunctionGeneratedResponse from cloudfront.
func (r *FunctionResponse) generated() *response {
	resp := &response{status: r.StatusCode, header: r.Header, xCache: "FunctionGeneratedResponse", final: true}
	add(resp.header, "Server", serverName, false)
	resp.replaceBody(r.Body)
	return resp
}

func (r *response) replaceBody(body []byte) {
	r.close()
	r.body, r.length = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

func invalid(why string) error { return fmt.Errorf("%w: %s", errValidation, why) }

// errValidation is wrapped by what CloudFront has against a function's result.
var errValidation = errors.New("CloudFront does not take the function's result")

// functionFailed answers for a CloudFront Function.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-503-service-unavailable.html#http-503-lambda-execution-error
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-disallowed-headers
// Inferred: X-Cache, after that of Lambda@Edge.
func (d *Distribution) functionFailed(v *visit, event EventType, err error) *response {
	if v.ctx.Err() != nil {
		return nil
	}
	r := refusal{
		status: http.StatusServiceUnavailable, xCache: "FunctionExecutionError",
		cause: "the CloudFront Function at " + string(event) + " failed: " + err.Error(),
		cure:  "see the lines of the function above; it must not throw, and end soon",
	}
	if errors.Is(err, ErrInvalidResult) || errors.Is(err, errValidation) {
		r.status, r.xCache = http.StatusBadGateway, "FunctionValidationError"
		r.cure = "return the event's request or response with allowed changes only"
	}
	return d.refuse(v, r)
}

// canonical returns the headers under net/http's names, whatever case a function
// wrote them in. One header under two names is refused: which of them counts
// must not be left to chance.
func canonical(header http.Header) (http.Header, error) {
	made := make(http.Header, len(header))
	for name, values := range header {
		name = http.CanonicalHeaderKey(name)
		if _, twice := made[name]; twice {
			return nil, invalid("the header " + name + " is there twice, in different letter case")
		}
		made[name] = values
	}
	return made, nil
}

// visible returns the headers as edge functions see them: without those that
// are not shown, and in UTF-8.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-encoding
func visible(header http.Header) http.Header {
	seen := make(http.Header, len(header))
	for name, values := range header {
		if disallowedHeader(strings.ToLower(name)) {
			continue
		}
		seen[name] = values
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) }) {
			converted := make([]string, len(values))
			for i, value := range values {
				converted[i] = toUTF8(value)
			}
			seen[name] = converted
		}
	}
	return seen
}

// withHidden returns the headers that a function returned, the ones that it did
// not change byte for byte as they were, and those that it could not see.
func withHidden(returned, seen, original http.Header) http.Header {
	header := make(http.Header, len(original))
	for name, values := range returned {
		if slices.Equal(values, seen[name]) {
			values = original[name]
		}
		if len(values) > 0 {
			header[name] = values
		}
	}
	for name, values := range original {
		if _, shown := seen[name]; !shown {
			header[name] = values
		}
	}
	return header
}

// toUTF8 takes what is not UTF-8 for ISO-8859-1, as CloudFront does.
func toUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// changeURL sets path and query string to what a function returned. What it did
// not change stays byte for byte.
func (r *request) changeURL(uri, query string) error {
	if query == toUTF8(r.query) {
		query = r.query
	}
	if uri == r.uri && query == r.query {
		return nil
	}
	if err := checkURI(uri, query); err != nil {
		return invalid(err.Error())
	}
	r.uri, r.query = uri, query
	return nil
}

// checkURI returns what CloudFront has against a path and a query string that a
// function returned.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-query-strings
func checkURI(uri, query string) error {
	if !strings.HasPrefix(uri, "/") {
		return fmt.Errorf("the URI %q does not start with a slash", uri)
	}
	if len(uri)+len(query) >= maxURL {
		return fmt.Errorf("the URI and its query string have %d characters, and must have fewer than %d", len(uri)+len(query), maxURL)
	}
	if strings.ContainsAny(uri, "?#") || strings.Contains(query, "#") {
		return errors.New("the URI or the query string has a ? or # of its own")
	}
	for _, s := range []string{uri, query} {
		for i := range len(s) {
			if s[i] <= ' ' || s[i] == 0x7f {
				return errors.New("the URI or the query string has a space or a control character")
			}
		}
	}
	return nil
}

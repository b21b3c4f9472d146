package smoke

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// A Response is the response to a request.
type Response struct {
	// Request is the request, and Host its Host header.
	Request Request
	Host    string

	// Status, Header and Body are the response, with the transfer coding removed
	// but not decompressed.
	Status int
	Header http.Header
	Body   []byte

	// FirstByte and LastByte are the times of the body's first and last byte
	// since the start of the request. Both are zero without a body.
	FirstByte, LastByte time.Duration

	// Total is the time until the response was complete.
	Total time.Duration
}

// headerErrorType has the reason when Lambda itself rejects a request.
const headerErrorType = "X-Amzn-Errortype"

func (r *Response) summary() string {
	if r.Status >= http.StatusBadRequest {
		summary := fmt.Sprint(r.Status)
		if errorType := r.Header.Get(headerErrorType); errorType != "" {
			summary += " " + errorType
		}
		if message := r.message(); message != "" {
			summary += ", " + excerpt(message, 160)
		}
		return summary
	}
	summary := fmt.Sprintf("%d, %d B in %d ms", r.Status, len(r.Body), r.Total.Milliseconds())
	if r.LastByte-r.FirstByte > 100*time.Millisecond {
		summary += fmt.Sprintf(", first byte after %d ms", r.FirstByte.Milliseconds())
	}
	return summary
}

// message returns the text of an error response in one line. CloudFront's error
// pages have it below the first rule.
func (r *Response) message() string {
	body := string(r.Body)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		if rule := strings.Index(strings.ToLower(body), "<hr"); rule >= 0 {
			body = body[rule:]
		}
	}
	return plain(body)
}

var tag = regexp.MustCompile(`<[^>]*>`)

// plain returns s in one line, without HTML tags.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(tag.ReplaceAllString(s, " "), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
}

func excerpt(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}

// A meaning is what an error response says to those who know AWS.
type meaning struct {
	statuses    []int // Default: nil, any from 500 on
	fits        func(*Response) bool
	means, hint string
}

// meanings are tried in order. What can have several reasons says "may".
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html
// and https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
var meanings = []meaning{
	{nil, headed("X-Cache", "Function"), "a CloudFront Function failed: it may have thrown an error, returned what CloudFront rejects, or taken too long",
		"read its log in us-east-1, /aws/cloudfront/function/NAME, or run the app with cloudfurl local"},
	{nil, headed("X-Cache", "LambdaValidationError"), "a Lambda@Edge function returned what CloudFront rejects, such as a header that it may not set",
		"read its log in the region nearest to you"},
	{nil, headed("X-Cache", "Lambda"), "a Lambda@Edge function failed: it may have thrown an error, timed out, or been throttled",
		"read its log in the region nearest to you"},
	{[]int{403}, having("AccessDeniedException", "Function URL authorization"), "the function URL refuses CloudFront: lambda:InvokeFunctionUrl or, since October 2025, " +
		"lambda:InvokeFunction may be missing or another distribution's, nothing may sign, or the viewer's Host may be forwarded",
		"run cloudfurl check on the app's templates, which tells which of them it is"},
	{[]int{403}, func(r *Response) bool {
		return mismatched(r) && r.Request.Body != nil && !strings.Contains(r.Request.String(), hashField("").Name)
	},
		"the body has no hash: origin access control signs x-amz-content-sha256 in its place, and nothing sets that",
		"hash bodies at origin-request, with IncludeBody, or let viewers send the hash"},
	{[]int{403}, func(r *Response) bool { return mismatched(r) && r.Request.Body != nil },
		"the signature doesn't match though the viewer sent a hash: it may be wrong, or an edge function may replace it or change the body",
		"let the function hash the bytes of the body, decoded from base64"},
	{[]int{403}, mismatched, "the signature doesn't match without a body: the path may have %20, + or ://, or a function may change what was signed",
		"try the path /"},
	{[]int{429}, having("TooManyRequestsException", "Rate Exceeded"), "the function has no free environment", "raise its reserved concurrency, or the account's quota"},
	{[]int{502}, func(r *Response) bool { return strings.TrimSpace(string(r.Body)) == "Internal Server Error" },
		"the function failed before its first byte: it may have crashed, timed out, or returned an invalid response",
		"read its log, and compare InvokeMode with what its runtime can do"},
	{[]int{403}, having("ForbiddenException", "Missing Authentication Token"), "API Gateway refuses the request: no resource may have the path, OriginPath may not be the stage, " +
		"x-api-key may be missing, or the viewer's Host may be forwarded", "compare OriginPath with the stage, and set x-api-key in OriginCustomHeaders"},
	{[]int{403, 405}, headed("Server", "AmazonS3"), "the path leads to a bucket: it may have no such object, or its policy may not permit this distribution",
		"check which behavior has the path, and the bucket policy"},
	{[]int{403}, headed("Server", "awselb"), "a rule of the load balancer refuses the request", "read its rules"},
	{[]int{403}, having("", "Key-Pair-Id"), "the behavior requires signed URLs or cookies", "try a path of another behavior"},
	{[]int{403}, having("", "Request blocked"), "a web ACL or a geographic restriction may block the request", "read the web ACL's sampled requests"},
	{[]int{403}, func(r *Response) bool {
		return headed("Server", "CloudFront")(r) && r.Request.Method != http.MethodGet && r.Request.Method != http.MethodHead
	}, "CloudFront doesn't pass the request on: AllowedMethods of the behavior may lack its method", "set AllowedMethods to all seven, or try another path"},
	{[]int{403}, headed("Server", "CloudFront"), "CloudFront refuses the request: the host may not be one of Aliases, or a web ACL may block it", "check Aliases and the web ACL"},
	{[]int{504}, headed("Server", "CloudFront"), "the origin sent nothing within its read timeout, 30 s by default", "respond earlier, send heartbeats, or raise OriginReadTimeout"},
	{nil, headed("Server", "CloudFront"), "CloudFront got no usable response: the origin may be down, speak no TLS, or send invalid headers",
		"check the origin's domain name and OriginProtocolPolicy"},
	{nil, func(*Response) bool { return true }, "the app may have failed itself: no sign of AWS is in the response", "read its log"},
}

// meaning returns what the response means and what to do, nothing for one that the app
// may have made on purpose.
func (r *Response) meaning() (means, hint string) {
	for _, m := range meanings {
		if (slices.Contains(m.statuses, r.Status) || m.statuses == nil && r.Status >= http.StatusInternalServerError) && m.fits(r) {
			return m.means, m.hint
		}
	}
	return "", ""
}

// headed fits a header that begins with a text.
//
// Seen: Server: CloudFront in its own responses, and X-Cache in those of edge functions
// that failed.
func headed(name, prefix string) func(*Response) bool {
	return func(r *Response) bool { return strings.HasPrefix(r.Header.Get(name), prefix) }
}

// having fits the type of Lambda's or API Gateway's error, or a text in the body.
func having(errorType, text string) func(*Response) bool {
	return func(r *Response) bool {
		return errorType != "" && r.Header.Get(headerErrorType) == errorType || strings.Contains(string(r.Body), text)
	}
}

var mismatched = having("InvalidSignatureException", "The request signature we calculated does not match")

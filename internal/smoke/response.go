package smoke

import (
	"fmt"
	"net/http"
	"regexp"
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

// summary returns the response in one line.
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

// excerpt returns the first n characters of s.
func excerpt(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}

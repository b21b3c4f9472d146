package smoke

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// An Answer is what came back for a request.
type Answer struct {
	// Request is what was sent, and Host the Host header of it.
	Request Request
	Host    string

	// Status, Header and Body are the answer, with any transfer coding undone
	// and nothing decompressed.
	Status int
	Header http.Header
	Body   []byte

	// FirstByte and LastByte are when the first and the last byte of the body
	// came, since the request began to be sent. Both are zero without a body.
	FirstByte, LastByte time.Duration

	// Total is when the answer was complete.
	Total time.Duration
}

// headerErrorType names the reason when Lambda itself refuses a request.
const headerErrorType = "X-Amzn-Errortype"

// summary returns the answer in one line.
func (a *Answer) summary() string {
	if a.Status >= http.StatusBadRequest {
		words := fmt.Sprint(a.Status)
		if errorType := a.Header.Get(headerErrorType); errorType != "" {
			words += " " + errorType
		}
		if said := a.said(); said != "" {
			words += ", " + excerpt(said, 160)
		}
		return words
	}
	size := fmt.Sprintf("%d, %d B in %d ms", a.Status, len(a.Body), a.Total.Milliseconds())
	if a.LastByte-a.FirstByte > 100*time.Millisecond {
		size += fmt.Sprintf(", the first after %d ms", a.FirstByte.Milliseconds())
	}
	return size
}

// said returns the words of an error in one line. CloudFront's pages have them
// below the first rule.
func (a *Answer) said() string {
	body := string(a.Body)
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		if rule := strings.Index(strings.ToLower(body), "<hr"); rule >= 0 {
			body = body[rule:]
		}
	}
	return plain(body)
}

// plain returns s in one line, without HTML tags.
func plain(s string) string {
	var b strings.Builder
	for {
		text, rest, tag := strings.Cut(s, "<")
		b.WriteString(text)
		_, after, closed := strings.Cut(rest, ">")
		if !tag || !closed {
			break
		}
		b.WriteByte(' ')
		s = after
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool {
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

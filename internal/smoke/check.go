package smoke

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Check is one thing that must be true of a response.
type Check struct {
	// Expected describes it in a few words.
	Expected string

	// Problem returns what is wrong, or "" if the check passes.
	Problem func(*Response) string
}

func status(codes ...int) Check {
	expected := strings.Trim(strings.ReplaceAll(fmt.Sprint(codes), " ", " or "), "[]")
	return Check{expected, func(r *Response) string {
		return unless(slices.Contains(codes, r.Status), "not %s", expected)
	}}
}

// header expects exactly these values of a header field. Without values the
// field must be absent.
func header(name string, want ...string) Check {
	expected := name + ": " + strings.Join(want, " and ")
	if len(want) == 0 {
		expected = "no " + name
	}
	return Check{expected, func(r *Response) string {
		got := r.Header.Values(name)
		return unless(slices.Equal(got, want), "%s is %q", name, got)
	}}
}

// headerHas expects a header field whose value contains a text.
func headerHas(name, text string) Check {
	return Check{strings.TrimSpace(name + " " + text), func(r *Response) string {
		got := r.Header.Get(name)
		return unless(got != "" && strings.Contains(got, text), "%s is %q", name, got)
	}}
}

// requestHost expects the demo to report the host that the viewer asked for.
func requestHost() Check {
	return Check{"the viewer's host", func(r *Response) string {
		got := r.Header.Get("X-Request-Host")
		return unless(got == r.Host, "X-Request-Host is %q", got)
	}}
}

func bodyIs(want string) Check {
	expected := "the whole body"
	if want == "" {
		expected = "no body"
	}
	return Check{expected, func(r *Response) string {
		return unless(string(r.Body) == want, "body is %q", excerpt(string(r.Body), 60))
	}}
}

func bodyHas(want string) Check {
	return Check{"a body with " + want, func(r *Response) string {
		return unless(strings.Contains(string(r.Body), want), "%d B of body without %q", len(r.Body), want)
	}}
}

// echoed expects /echo to return the body of the request.
func echoed() Check {
	return Check{"the same bytes back", func(r *Response) string {
		sum := r.Header.Get("X-Body-Sha256")
		switch {
		case sum == "":
			return "no X-Body-Sha256: the response isn't from /echo"
		case sum != sha256Hex(r.Request.Body):
			return "the handler got other bytes: X-Body-Sha256 is " + sum
		}
		return unless(bytes.Equal(r.Body, r.Request.Body), "the %d B returned differ from those sent", len(r.Body))
	}}
}

// spread expects the last byte of the body at least d after the first.
func spread(d time.Duration) Check {
	return Check{fmt.Sprintf("first byte ≥ %d ms before the last", d.Milliseconds()), func(r *Response) string {
		got := r.LastByte - r.FirstByte
		return unless(got >= d, "all of it within %d ms", got.Milliseconds())
	}}
}

// rejectedByEdge expects an error response of body_hasher.
func rejectedByEdge(code string) Check {
	return Check{"JSON with error " + code + " and a hint", func(r *Response) string {
		var body struct {
			Error struct{ Message, Code, Hint string }
		}
		if err := json.Unmarshal(r.Body, &body); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			return "not an error response of body_hasher"
		}
		got := body.Error
		return unless(got.Code == code && got.Message != "" && got.Hint != "", "error is %q", got)
	}}
}

// rejectedByLambda expects the function URL to reject the request with an error
// type, or with any if it is "".
func rejectedByLambda(errorType string) Check {
	return headerHas(headerErrorType, errorType)
}

// fromOrigin expects any response from the origin itself.
func fromOrigin() Check {
	return Check{"a response from the origin", func(r *Response) string {
		if errorType := r.Header.Get(headerErrorType); errorType != "" {
			return "Lambda rejected the request"
		}
		return unless(r.Status < http.StatusInternalServerError, "the request didn't reach the origin")
	}}
}

// either expects all checks of one list to pass, or all of the other.
func either(expected string, one, other []Check) Check {
	return Check{expected, func(r *Response) string {
		problem := firstProblem(r, one)
		if problem == "" || firstProblem(r, other) == "" {
			return ""
		}
		return problem
	}}
}

// firstProblem returns the problem of the first check that fails. If the status
// is wrong, further problems add nothing.
func firstProblem(r *Response, checks []Check) string {
	for _, check := range checks {
		if problem := check.Problem(r); problem != "" {
			return problem
		}
	}
	return ""
}

func unless(ok bool, format string, values ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, values...)
}

func sha256Hex(b []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(b))
}

// checksummed expects size bytes of /download, whose last line has the checksum
// of those before it.
func checksummed(size int) Check {
	return Check{fmt.Sprintf("%d B that match their checksum", size), func(r *Response) string {
		const lastLine = len("sha256 ") + 64 + 1
		if len(r.Body) != size {
			return fmt.Sprintf("%d B of body", len(r.Body))
		}
		content, last := r.Body[:size-lastLine], r.Body[size-lastLine:]
		return unless(string(last) == "sha256 "+sha256Hex(content)+"\n", "the last line is %q", excerpt(string(last), 80))
	}}
}

// uploaded expects /upload to have read the whole body.
func uploaded() Check {
	return Check{"the body's hash", func(r *Response) string {
		lines := bytes.Split(bytes.TrimSpace(r.Body), []byte("\n"))
		var last struct{ Event, SHA256, Error string }
		if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil {
			return "not lines of JSON"
		}
		return unless(last.Event == "end" && last.SHA256 == sha256Hex(r.Request.Body), "the last line is %q", last)
	}}
}

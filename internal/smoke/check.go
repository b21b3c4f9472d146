package smoke

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Check is one thing that must hold of an answer.
type Check struct {
	// Expected says it in a few words.
	Expected string

	// Problem returns what is wrong, empty if nothing is.
	Problem func(*Answer) string
}

func status(codes ...int) Check {
	words := strings.Trim(strings.ReplaceAll(fmt.Sprint(codes), " ", " or "), "[]")
	return Check{words, func(a *Answer) string {
		return unless(slices.Contains(codes, a.Status), "not %s", words)
	}}
}

// header wants exactly these values of a field, and none for no values.
func header(name string, want ...string) Check {
	expected := name + ": " + strings.Join(want, " and ")
	if len(want) == 0 {
		expected = "no " + name
	}
	return Check{expected, func(a *Answer) string {
		got := a.Header.Values(name)
		return unless(slices.Equal(got, want), "%s is %q", name, got)
	}}
}

// headerHas wants a field whose value contains a text.
func headerHas(name, text string) Check {
	return Check{strings.TrimSpace(name + " " + text), func(a *Answer) string {
		got := a.Header.Get(name)
		return unless(got != "" && strings.Contains(got, text), "%s is %q", name, got)
	}}
}

// requestHost wants the demo's word for the host that the viewer asked for.
func requestHost() Check {
	return Check{"the viewer's host", func(a *Answer) string {
		got := a.Header.Get("X-Request-Host")
		return unless(got == a.Host, "X-Request-Host is %q", got)
	}}
}

func bodyIs(want string) Check {
	return Check{"the whole body", func(a *Answer) string {
		return unless(string(a.Body) == want, "the body is %q", excerpt(string(a.Body), 60))
	}}
}

func noBody() Check {
	return Check{"no body", func(a *Answer) string {
		return unless(len(a.Body) == 0, "%d B of body", len(a.Body))
	}}
}

// echoed wants /echo to have given the body back.
func echoed() Check {
	return Check{"the same bytes back", func(a *Answer) string {
		sum := a.Header.Get("X-Body-Sha256")
		switch {
		case sum == "":
			return "no X-Body-Sha256: /echo did not answer"
		case sum != sha256Hex(a.Request.Body):
			return "the handler got other bytes: X-Body-Sha256 is " + sum
		}
		return unless(bytes.Equal(a.Body, a.Request.Body), "%d B came back, and others than were sent", len(a.Body))
	}}
}

func sameType() Check {
	return Check{"the same type", func(a *Answer) string {
		got := a.Header.Get("Content-Type")
		return unless(got == a.Request.contentType(), "Content-Type is %q", got)
	}}
}

// spread wants the last byte of the body to come at least d after the first.
func spread(d time.Duration) Check {
	return Check{fmt.Sprintf("first byte ≥ %d ms before the last", d.Milliseconds()), func(a *Answer) string {
		got := a.LastByte - a.FirstByte
		return unless(got >= d, "all of it within %d ms", got.Milliseconds())
	}}
}

// refusedByEdge wants the JSON that body_hasher refuses with.
func refusedByEdge(code string) Check {
	return Check{"JSON with " + code + " and a remedy", func(a *Answer) string {
		var body struct{ Error, Message, Remedy string }
		if err := json.Unmarshal(a.Body, &body); err != nil || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") {
			return "not JSON of body_hasher"
		}
		return unless(body.Error == code && body.Message != "" && body.Remedy != "", "error is %q", body.Error)
	}}
}

// refusedByLambda wants a refusal of the function URL, before any function ran.
// No error types are any.
func refusedByLambda(errorTypes ...string) Check {
	expected := "refused by Lambda"
	if len(errorTypes) > 0 {
		expected = strings.Join(errorTypes, " or ")
	}
	return Check{expected, func(a *Answer) string {
		got := a.Header.Get(headerErrorType)
		return unless(got != "" && (len(errorTypes) == 0 || slices.Contains(errorTypes, got)), "%s is %q", headerErrorType, got)
	}}
}

// message wants a text under the key Message of a JSON body.
func message(text string) Check {
	return Check{"a Message", func(a *Answer) string {
		// Not a struct: encoding/json would take "message" too.
		var body map[string]any
		err := json.Unmarshal(a.Body, &body)
		got, _ := body["Message"].(string)
		return unless(err == nil && strings.Contains(got, text), "no Message with %q", text)
	}}
}

// originAnswers wants an answer that the origin gave, whatever it is.
func originAnswers() Check {
	return Check{"an answer of the origin", func(a *Answer) string {
		if errorType := a.Header.Get(headerErrorType); errorType != "" {
			return "Lambda refused the request"
		}
		return unless(a.Status < http.StatusInternalServerError, "the way to the origin is broken")
	}}
}

// either wants all checks of one list or all of the other.
func either(expected string, one, other []Check) Check {
	return Check{expected, func(a *Answer) string {
		problem := firstProblem(a, one)
		if problem == "" || firstProblem(a, other) == "" {
			return ""
		}
		return problem
	}}
}

// firstProblem returns what is wrong by the first check that does not hold:
// where the status is wrong already, the rest says nothing more.
func firstProblem(a *Answer, checks []Check) string {
	for _, check := range checks {
		if problem := check.Problem(a); problem != "" {
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
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

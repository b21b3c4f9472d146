package smoke

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// inspection is the answer of the demo's /inspect: a request as the handler saw
// it.
type inspection struct {
	Method     string      `json:"method"`
	RawPath    string      `json:"rawPath"`
	RawQuery   string      `json:"rawQuery"`
	Host       string      `json:"host"`
	Headers    http.Header `json:"headers"`
	Cookies    []string    `json:"cookies"`
	BodyLength int         `json:"bodyLength"`
	BodySHA256 string      `json:"bodySha256"`
}

// inspection reads the answer of /inspect. The error says what it is instead.
func (a *Answer) inspection() (inspection, error) {
	var seen inspection
	if err := json.Unmarshal(a.Body, &seen); err != nil {
		return inspection{}, fmt.Errorf("not what /inspect answers: %w", err)
	}
	return seen, nil
}

// isDemo reports whether the answer to GET /inspect is the demo's.
func (a *Answer) isDemo() bool {
	seen, err := a.inspection()
	return err == nil && a.Status == http.StatusOK && seen.Method == http.MethodGet && seen.RawPath == "/inspect" && len(seen.BodySHA256) == 64
}

// seen wants something of the request that the handler saw.
func seen(expected string, problem func(*Answer, inspection) string) Check {
	return Check{expected, func(a *Answer) string {
		got, err := a.inspection()
		if err != nil {
			return err.Error()
		}
		return problem(a, got)
	}}
}

// sawHeader wants these values of a field at the handler, and none for no
// values. Lambda joins the values of a repeated field with commas.
func sawHeader(name string, want ...string) Check {
	expected := name + " arrives"
	if len(want) == 0 {
		expected = name + " does not arrive"
	}
	return seen(expected, func(_ *Answer, saw inspection) string {
		var got []string
		for _, value := range saw.Headers.Values(name) {
			for part := range strings.SplitSeq(value, ",") {
				got = append(got, strings.TrimSpace(part))
			}
		}
		return unless(slices.Equal(got, want), "%s arrived as %q", name, got)
	})
}

// sawQuery wants the query to mean at the handler what was sent: the same
// names with the same values in the same order each.
func sawQuery() Check {
	return seen("the query arrives", func(a *Answer, saw inspection) string {
		_, sent, _ := strings.Cut(a.Request.Target, "?")
		return unless(sameQuery(sent, saw.RawQuery), "it arrived as %q", saw.RawQuery)
	})
}

func sawPath() Check {
	return seen("the path arrives", func(a *Answer, saw inspection) string {
		sent, _, _ := strings.Cut(a.Request.Target, "?")
		return unless(saw.RawPath == sent, "it arrived as %q", saw.RawPath)
	})
}

func sameQuery(a, b string) bool {
	one, other := parameters(a), parameters(b)
	if len(one) != len(other) {
		return false
	}
	for name, values := range one {
		if !slices.Equal(values, other[name]) {
			return false
		}
	}
	return true
}

// parameters decodes a query by its ampersands alone: url.ParseQuery refuses
// semicolons.
func parameters(query string) map[string][]string {
	values := map[string][]string{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name = unescape(name)
		values[name] = append(values[name], unescape(value))
	}
	return values
}

func unescape(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

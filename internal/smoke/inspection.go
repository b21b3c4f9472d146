package smoke

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// An inspection is a request as the handler saw it, the response of the demo's
// /inspect.
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

func (r *Response) inspection() (inspection, error) {
	var seen inspection
	if err := json.Unmarshal(r.Body, &seen); err != nil {
		return inspection{}, fmt.Errorf("not a response of /inspect: %w", err)
	}
	return seen, nil
}

// isDemo reports whether the response to GET /inspect is the demo's.
func (r *Response) isDemo() bool {
	seen, err := r.inspection()
	return err == nil && r.Status == http.StatusOK && seen.Method == http.MethodGet && seen.RawPath == r.Request.Target && len(seen.BodySHA256) == 64
}

// seen checks the request that the handler saw.
func seen(expected string, problem func(*Response, inspection) string) Check {
	return Check{expected, func(r *Response) string {
		got, err := r.inspection()
		if err != nil {
			return err.Error()
		}
		return problem(r, got)
	}}
}

// sawHeader expects the handler to see exactly these values of a header field.
// Without values the field must be absent. Lambda joins repeated values with
// commas.
func sawHeader(name string, want ...string) Check {
	expected := name + " arrives"
	if len(want) == 0 {
		expected = name + " doesn't arrive"
	}
	return seen(expected, func(_ *Response, saw inspection) string {
		var got []string
		for _, value := range saw.Headers.Values(name) {
			for part := range strings.SplitSeq(value, ",") {
				got = append(got, strings.TrimSpace(part))
			}
		}
		return unless(slices.Equal(got, want), "%s arrived as %s", name, excerpt(fmt.Sprintf("%q", got), 100))
	})
}

// sawQuery expects the handler to see an equivalent query: the same names, each
// with the same values in the same order.
func sawQuery() Check {
	return seen("the query arrives", func(r *Response, saw inspection) string {
		_, sent, _ := strings.Cut(r.Request.Target, "?")
		same := maps.EqualFunc(parameters(sent), parameters(saw.RawQuery), slices.Equal[[]string])
		return unless(same, "it arrived as %q", saw.RawQuery)
	})
}

func sawBody() Check {
	return seen("the body arrives", func(r *Response, saw inspection) string {
		return unless(saw.BodyLength == len(r.Request.Body) && saw.BodySHA256 == sha256Hex(r.Request.Body), "%d B arrived, with the hash %s", saw.BodyLength, saw.BodySHA256)
	})
}

// sawPath expects the path as it was sent. A "|", which RFC 3986 doesn't allow in
// one, may arrive encoded.
func sawPath() Check {
	return seen("the path arrives", func(r *Response, saw inspection) string {
		sent, _, _ := strings.Cut(r.Request.Target, "?")
		return unless(strings.ReplaceAll(saw.RawPath, "%7C", "|") == sent, "it arrived as %q", saw.RawPath)
	})
}

// parameters decodes a query, in which semicolons are ordinary characters.
func parameters(query string) url.Values {
	values, _ := url.ParseQuery(strings.ReplaceAll(query, ";", "%3B"))
	return values
}

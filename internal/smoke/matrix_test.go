package smoke

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	code := m.Run()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	if err := goleak.Find(); code == 0 && err != nil {
		os.Stderr.WriteString(err.Error())
		code = 1
	}
	os.Exit(code)
}

func TestMatrix_passes_if_all_rules_hold(t *testing.T) {
	target, functionURL := serve(t, "", 200*time.Millisecond)
	report, err := Run(t.Context(), target, Options{FunctionURL: functionURL, Timeout: 2 * silence})
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range report.Cases {
		if result.Verdict != Passed && result.Verdict != Informational || result.Unexpected {
			t.Errorf("%s/%s: %s: want %s, got %s", result.Group, result.Name, result.Verdict, result.Expected, result.Got)
		}
	}
	if !report.Demo || report.Passed+report.Informational != len(Matrix()) {
		t.Errorf("the report is %+v", report)
	}
}

// A bugCase is a broken rule and the cases that it must fail.
type bugCase struct {
	bug   bug
	fails func(Case) bool
}

var bugs = []bugCase{
	{"CloudFront is missing", named("Distribution/CloudFront's response headers")},
	{"responses are cached", named("Distribution/nothing is cached")},
	{"Lambda rejects every signature", named("Distribution/the origin accepts the signature")}, // /inspect too, so the demo isn't found
	{"GET with a body is accepted", named("Distribution/GET with a body")},
	{"long URLs are accepted", named("Distribution/URL over")},
	{"long headers are accepted", named("Distribution/headers over")},
	{"the stream is buffered", named("Streaming/((GET|POST) /( with.*)?|GET /events)$")},
	{"the types of streams are lost", named("Streaming/GET /events$")},
	{"Last-Event-ID isn't forwarded", named("Last-Event-ID|Responses/204")},
	{"long streams are changed", named("Streaming/GET /download")},
	{"long streams break", named("Streaming/GET /download")},
	{"policies of the handler are removed", named("Streaming/GET /pages/")},
	{"parameters of Content-Type are lost", named("Bodies/P.*, (text|multipart)$")},
	{"streams are compressed", named("Streaming/.*Accept-Encoding")},
	{"HEAD isn't allowed", method("HEAD")},
	{"OPTIONS isn't allowed", method("OPTIONS")},
	{"POST isn't allowed", method("POST")},
	{"PUT isn't allowed", method("PUT")},
	{"PATCH isn't allowed", method("PATCH")},
	{"DELETE isn't allowed", method("DELETE")},
	{"bodies appear from nowhere", named("Methods/(GET|OPTIONS|POST|PUT|PATCH|DELETE)$|Bodies/.*(no body|0 B)|hashes/(right, with OPTIONS|right, of an|of .*, with GET)")},
	{"empty bodies aren't hashed", func(c Case) bool { return usuallyWithBody(c) && len(c.Request.Body) == 0 }},
	{"a POST needs Content-Length", func(c Case) bool { return usuallyWithBody(c) && (c.Request.Body == nil || c.Request.Chunked) }},
	{"bodies become strings", func(c Case) bool { return echoes(c) && !utf8.Valid(c.Request.Body) }},
	{"a zero byte is no body", named("Bodies/POST, 1 B")},
	{"JSON is reformatted", named("Bodies/.*JSON")},
	{"forms are decoded", named("Bodies/.*form$")},
	{"text is cut at its characters", named("Bodies/.*, text$")},
	{"Content-Type is lost", named("Bodies/P.*, (text|JSON|form|multipart|.* as text/plain)$")},
	{"1 MB is 1,000,000 B", named("Bodies/.*1 MB")},
	{"a cut body is hashed", named("hashes/.* MB.*(none|UNSIGNED)")},
	{"the client's hash is ignored", named("hashes/(wrong|.* MB.*(right|wrong))")},
	{"an invalid hash is signed", named("hashes/.*(UNSIGNED|not a hash|repeated)")},
	{"UNSIGNED-PAYLOAD is signed", named("hashes/.*UNSIGNED")},
	{"upper case is a different hash", named("hashes/.*upper case")},
	{"right hashes are rejected", named("hashes/.*right")},
	{"the edge doesn't verify the hash", named("hashes/wrong($|, with P|.*no body)")},
	{"the hash of a GET is checked", named("hashes/of another body, with GET")},
	{"Lambda doesn't verify the hash", named("hashes/.* MB.*wrong")},
	{"errors have no hint", named("hashes/(wrong|.* MB.*(none|UNSIGNED))")},
	{"hidden bodies are hashed as empty", named("Bodies/(DELETE|OPTIONS), JSON|hashes/(right|UNSIGNED-PAYLOAD), with DELETE")},
	{"nobody verifies the hash of a DELETE", named("hashes/wrong, with DELETE$")},
	{"the edge can't see bodies of DELETE and OPTIONS", named("^$")}, // AWS may behave so
	{"the host isn't kept", named("Streaming/GET /$|Original.Host|original host|X-Forwarded-Host")},
	{"the viewer's X-Forwarded-Host gets through", named("spoofed X-Forwarded-Host")},
	{"what only a proxy may send gets through", named("spoofed (X_Forwarded|Forwarded|CloudFront|X-Forwarded-P|X-Original-URL|X-Rewrite|SCRIPT)")},
	{"the viewer's X-Original-Host gets through", named("spoofed X-Original-Host")},
	{"X_Original_Host gets through", named("spoofed X_Original_Host")},
	{"Authorization isn't kept", named("authorization/Authorization|with a real one")},
	{"the viewer's X-Original-Authorization gets through", named("spoofed X-Original-Authorization")},
	{"Set-Cookie is joined", named("Set-Cookie")},
	{"cookies aren't forwarded", named("two request cookies|a repeated Cookie")},
	{"unknown headers aren't forwarded", named("a (custom|repeated) header|24 KB")},
	{"a repeated header keeps its last value", named("a repeated (header|Cookie)|24 KB")},
	{"X-Forwarded-For is missing", named("X-Forwarded-For")},
	{"the viewer's X-Forwarded-For gets through", named("spoofed X-Forwarded-For")},
	{"queries break the signature", func(c Case) bool {
		return strings.Contains(c.Request.Target, "?") && !strings.Contains(c.ID(), "URL over")
	}},
	{"queries are sorted before encoding", named("Query strings/(Unicode$|.* sort after encoding)")},
	{"+ is encoded again", named(`Query strings/\+$`)},
	{"queries are decoded", named("Query strings/(%2B|%26 and %3D)$")},
	{"a repeated name keeps its last value", named("Query strings/(repeated names|values that sort)")},
	{"empty values are dropped", named("Query strings/(empty|no) value")},
	{"paths change", named("Paths/")},
	{"conditions and ranges aren't forwarded", named("/(Range|If-None-Match)$")},
	{"Origin isn't forwarded", named("preflight")},
	{"redirects lead elsewhere", named("Responses/303")},
	{"ETag is removed", named("Responses/304")},
	{"empty streams lose their status", named("Responses/(204|304)")},
	{"errors of the handler are replaced", named("Responses/(404|429|500|503)")},
	{"Retry-After is removed", named("Responses/429")},
	{"streams that fail are cut", named("Responses/an error mid-stream")},
	{"silence is never cut", named("Responses/silence")},
	{"the function URL accepts unsigned requests", named("Function URL/")},
	{"the function URL reports a signature", named("Function URL/.*unsigned")},
}

func TestMatrix_finds_each_broken_rule(t *testing.T) {
	for _, f := range bugs {
		t.Run(string(f.bug), func(t *testing.T) {
			t.Parallel()
			// Only one bug is about time.
			pause := time.Duration(0)
			if f.bug == "the stream is buffered" {
				pause = 100 * time.Millisecond
			}
			target, functionURL := serve(t, f.bug, pause)
			cases := spreading(2 * pause)
			large := func(c Case) bool { return len(c.Request.Body) >= 700_000 }
			if !slices.ContainsFunc(cases, func(c Case) bool { return large(c) && f.fails(c) }) {
				cases = slices.DeleteFunc(cases, large) // each takes a second with the race detector
			}
			report, err := Run(t.Context(), target, Options{FunctionURL: functionURL, Cases: cases, Concurrency: 16, Timeout: 2 * silence})
			if err != nil {
				t.Fatal(err)
			}
			var want, got []string
			for i, c := range cases {
				if f.fails(c) {
					want = append(want, c.ID())
				}
				if report.Cases[i].Verdict == Failed || report.Cases[i].Unexpected {
					got = append(got, c.ID())
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("cases that failed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMatrix_has_no_case_that_cannot_fail(t *testing.T) {
	for _, c := range Matrix() {
		if !slices.ContainsFunc(bugs, func(f bugCase) bool { return f.fails(c) }) {
			t.Errorf("no bug makes %q fail", c.ID())
		}
	}
}

func TestMatrix_cases_are_complete(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Matrix() {
		if seen[c.ID()] {
			t.Errorf("two cases are named %q", c.ID())
		}
		seen[c.ID()] = true
		if c.Group == "" || c.Name == "" || len(c.Checks) == 0 || c.Expected() == "" {
			t.Errorf("%q is incomplete", c.ID())
		}
		for _, sentence := range []string{c.Why, c.Informational} {
			if sentence != "" && !strings.HasSuffix(sentence, ".") || c.Why == "" {
				t.Errorf("%q: %q isn't a sentence", c.ID(), sentence)
			}
		}
	}
}

// What is only inferred must not fail a live run: the note says so, not the Why.
func TestMatrix_asserts_nothing_that_is_only_inferred(t *testing.T) {
	for _, c := range Matrix() {
		if strings.Contains(c.Why, "nferred") {
			t.Errorf("%q: %q belongs into Informational", c.ID(), c.Why)
		}
	}
}

// A POST could change data in an application that isn't the demo.
func TestMatrix_sends_only_GET_without_the_demo(t *testing.T) {
	for _, c := range Matrix() {
		if c.Request.Method != "GET" && c.AnyOrigin {
			t.Errorf("%q sends a %s to any application", c.ID(), c.Request.Method)
		}
	}
}

// spreading returns the matrix with d as the minimum spread of the stream.
func spreading(d time.Duration) []Case {
	cases := Matrix()
	for i := range cases {
		cases[i].Checks = slices.Clone(cases[i].Checks)
		for j, check := range cases[i].Checks {
			if check.Expected == spread(minSpread).Expected {
				cases[i].Checks[j] = spread(d)
			}
		}
	}
	return cases
}

// named picks the cases whose ID matches.
func named(pattern string) func(Case) bool {
	expression := regexp.MustCompile(pattern)
	return func(c Case) bool { return expression.MatchString(c.ID()) }
}

func method(name string) func(Case) bool {
	return func(c Case) bool { return c.Request.Method == name && !c.ToFunctionURL }
}

// usuallyWithBody picks the cases whose method usually has a body.
func usuallyWithBody(c Case) bool {
	return slices.Contains([]string{"POST", "PUT", "PATCH"}, c.Request.Method) && !c.ToFunctionURL
}

// echoes picks the cases in which the body reaches the handler.
func echoes(c Case) bool {
	return strings.Contains(c.Expected(), echoed().Expected) || strings.Contains(c.Expected(), uploaded().Expected)
}

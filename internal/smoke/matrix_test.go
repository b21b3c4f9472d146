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

func TestMatrix_passes_where_all_rules_hold(t *testing.T) {
	target, functionURL := serve(t, "", 200*time.Millisecond)
	report, err := Run(t.Context(), target, Options{FunctionURL: functionURL})
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range report.Cases {
		if result.Verdict != Passed && result.Verdict != Informational {
			t.Errorf("%s/%s: %s: want %s, came %s", result.Group, result.Name, result.Verdict, result.Expected, result.Came)
		}
	}
	if !report.Demo || report.Passed+report.Informational != len(Matrix()) {
		t.Errorf("the report is %+v", report)
	}
}

// A faultCase is a broken rule, and the cases that must tell.
type faultCase struct {
	fault fault
	fails func(Case) bool
}

var faults = []faultCase{
	{"CloudFront is not there", named("Distribution/the answer bears")},
	{"the cache answers", named("Distribution/nothing is cached")},
	{"Lambda takes no signature", named("Distribution/the origin takes the signature")}, // /inspect too, so the demo is not found
	{"GET with a body passes", named("Distribution/GET with a body")},
	{"long URLs pass", named("Distribution/URL over")},
	{"the stream is buffered", named("Streaming/(GET|POST) /")},
	{"streams are compressed", named("Streaming/.*gzip")},
	{"HEAD is not allowed", method("HEAD")},
	{"OPTIONS is not allowed", method("OPTIONS")},
	{"POST is not allowed", method("POST")},
	{"PUT is not allowed", method("PUT")},
	{"PATCH is not allowed", method("PATCH")},
	{"DELETE is not allowed", method("DELETE")},
	{"bodies appear from nowhere", named("Methods/(GET|OPTIONS|POST|PUT|PATCH|DELETE)$")},
	{"an empty body is not hashed", func(c Case) bool { return withBody(c) && len(c.Request.Body) == 0 }},
	{"a POST needs Content-Length", func(c Case) bool { return withBody(c) && c.Request.Body == nil }},
	{"bodies become strings", func(c Case) bool { return takes(c) && !utf8.Valid(c.Request.Body) }},
	{"a zero byte is no body", named("Bodies/POST, 1 B")},
	{"JSON is written anew", named("Bodies/.*JSON")},
	{"forms are decoded", named("Bodies/.*form$")},
	{"text is cut at its characters", named("Bodies/.*, text$")},
	{"Content-Type is lost", named("Bodies/.*, (text|JSON|form|multipart)$")},
	{"1 MB is 1,000,000 B", named("Bodies/.*1 MB")},
	{"a cut body is hashed", named("hashes/.* MB.*(none|UNSIGNED)")},
	{"the client's hash is ignored", named("hashes/(wrong|.* MB.*(right|wrong))")},
	{"what is no hash is signed", named("hashes/.*(UNSIGNED|not a hash)")},
	{"UNSIGNED-PAYLOAD is signed", named("hashes/.*UNSIGNED")},
	{"upper case is another hash", named("hashes/.*upper case")},
	{"right hashes are refused", named("hashes/.*right")},
	{"the edge does not check", named("hashes/wrong")},
	{"Lambda does not check", named("hashes/.* MB.*wrong")},
	{"refusals give no remedy", named("hashes/(wrong|.* MB.*(none|UNSIGNED))")},
	{"the body of a DELETE is hashed as none", named("Bodies/DELETE, JSON|hashes/right, with DELETE")},
	{"a DELETE's body is not shown", named("^$")}, // AWS may do so
	{"Host is not kept", named("Streaming/GET /$|Original-Host|original host")},
	{"the viewer's X-Original-Host passes", named("spoofed X-Original-Host")},
	{"Authorization is not kept", named("authorization/Authorization|beside")},
	{"the viewer's X-Original-Authorization passes", named("spoofed X-Original-Authorization")},
	{"Set-Cookie is joined", named("Set-Cookie")},
	{"cookies do not travel", named("two cookies of the viewer")},
	{"unknown headers do not travel", named("a header")},
	{"a repeated header keeps its last value", named("a header twice")},
	{"X-Forwarded-For is not there", named("X-Forwarded-For")},
	{"queries break the signature", named("Query strings/")},
	{"+ is encoded anew", named(`Query strings/\+$`)},
	{"queries are decoded", named("Query strings/(%2B|%26 and %3D)$")},
	{"a repeated name keeps its last value", named("Query strings/repeated")},
	{"empty values are dropped", named("Query strings/(empty|no) value")},
	{"paths lose their dots", named("Paths/unreserved")},
	{"the function URL takes unsigned requests", named("Function URL/")},
	{"the function URL speaks of a signature", named("Function URL/.*not signed")},
}

func TestMatrix_names_each_broken_rule(t *testing.T) {
	for _, f := range faults {
		t.Run(string(f.fault), func(t *testing.T) {
			t.Parallel()
			// Only one fault is about time; the others need not wait.
			pause := time.Duration(0)
			if f.fault == "the stream is buffered" {
				pause = 20 * time.Millisecond
			}
			target, functionURL := serve(t, f.fault, pause)
			cases := spreading(2 * pause)
			large := func(c Case) bool { return len(c.Request.Body) >= megabyte-1 }
			if !slices.ContainsFunc(cases, func(c Case) bool { return large(c) && f.fails(c) }) {
				cases = slices.DeleteFunc(cases, large) // a second each with the race detector
			}
			report, err := Run(t.Context(), target, Options{FunctionURL: functionURL, Cases: cases, Concurrency: 16})
			if err != nil {
				t.Fatal(err)
			}
			var want, got []string
			for i, c := range cases {
				if f.fails(c) && c.Informational == "" {
					want = append(want, c.ID())
				}
				if report.Cases[i].Verdict == Failed {
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
		if c.Informational == "" && !slices.ContainsFunc(faults, func(f faultCase) bool { return f.fails(c) }) {
			t.Errorf("no fault makes %q fail", c.ID())
		}
	}
}

func TestMatrix_names_all_cases_and_says_why(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Matrix() {
		if seen[c.ID()] {
			t.Errorf("there are two cases %q", c.ID())
		}
		seen[c.ID()] = true
		if c.Group == "" || c.Name == "" || len(c.Checks) == 0 || c.Expected() == "" {
			t.Errorf("%q is not complete", c.ID())
		}
		for _, sentence := range []string{c.Why, c.Informational} {
			if sentence != "" && !strings.HasSuffix(sentence, ".") || c.Why == "" {
				t.Errorf("%q: %q is no sentence", c.ID(), sentence)
			}
		}
	}
}

// Somebody's own application may do anything on a POST.
func TestMatrix_sends_nothing_but_GET_without_the_demo(t *testing.T) {
	for _, c := range Matrix() {
		if c.Request.Method != "GET" && !c.NeedsDemo {
			t.Errorf("%q sends a %s whatever is there", c.ID(), c.Request.Method)
		}
	}
}

// spreading returns the matrix with another wait for the stream.
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

// withBody picks the cases of methods that have a body by their nature.
func withBody(c Case) bool {
	return slices.Contains([]string{"POST", "PUT", "PATCH"}, c.Request.Method) && !c.ToFunctionURL
}

// takes picks the cases in which the body reaches the handler.
func takes(c Case) bool {
	return strings.Contains(c.Expected(), echoed().Expected)
}

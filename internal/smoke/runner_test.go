package smoke

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/porttest"
)

func TestRun_skips_the_cases_that_need_the_demo(t *testing.T) {
	var sent atomic.Int32
	target := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent.Add(1)
		if r.Method != "GET" {
			t.Errorf("the application got a %s", r.Method)
		}
		(&fake{}).distribution(w, r, nil)
		io.WriteString(w, "and more")
	}))
	report, err := Run(t.Context(), target, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Demo || report.Skipped < 80 || report.Passed == 0 || int(sent.Load()) != 1+report.Passed+report.Failed {
		t.Errorf("the report is %s with the demo %v, of %d requests", report.Summary(), report.Demo, sent.Load())
	}
	for i, c := range Matrix() {
		result := report.Cases[i]
		if !c.AnyOrigin && !c.ToFunctionURL && (result.Verdict != Skipped || !strings.Contains(result.Note, "needs the demo function") || result.Got != "") {
			t.Errorf("%q is %+v", c.ID(), result)
		}
	}
}

func TestRun_skips_the_cases_that_need_the_function_URL(t *testing.T) {
	target, _ := serve(t, "", 0)
	cases, err := Select(Matrix(), "^Function URL/")
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), target, Options{Cases: cases})
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range report.Cases {
		if result.Verdict != Skipped || !strings.Contains(result.Note, "--function-url") {
			t.Errorf("%+v", result)
		}
	}
	if report.Skipped != len(cases) {
		t.Errorf("the report is %s", report.Summary())
	}
}

func TestRun_reports_what_an_informational_case_gets(t *testing.T) {
	target, _ := serve(t, "paths change", 0)
	c := Case{Name: "dots", Request: Request{Method: "GET", Target: "/inspect/a.b"}, Checks: []Check{sawPath()}, Informational: "Both are right."}
	report, err := Run(t.Context(), target, Options{Cases: []Case{c}})
	if err != nil {
		t.Fatal(err)
	}
	got := report.Cases[0]
	if got.Verdict != Informational || !strings.Contains(got.Got, `"/inspect/a.b/"`) || got.Note != "Both are right." || report.Informational != 1 || report.Unexpected != 1 {
		t.Errorf("%+v", got)
	}
}

func TestRun_fails_a_case_that_times_out(t *testing.T) {
	target := start(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/inspect" {
			<-r.Context().Done()
		}
	}))
	report, err := Run(t.Context(), target, Options{
		Timeout: time.Second, // for the request that looks for the demo, too
		Cases:   []Case{{Name: "never", AnyOrigin: true, Request: get("/never"), Checks: []Check{status(200)}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := report.Cases[0]; got.Verdict != Failed || !strings.Contains(got.Got, "timed out") || got.Status != 0 {
		t.Errorf("%+v", got)
	}
}

func TestRun_limits_its_concurrency(t *testing.T) {
	var now, most atomic.Int32
	target := start(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		time.Sleep(20 * time.Millisecond)
		now.Add(-1)
	}))
	cases := make([]Case, 12)
	for i := range cases {
		cases[i] = Case{AnyOrigin: true, Request: get("/"), Checks: []Check{status(200)}}
	}
	if _, err := Run(t.Context(), target, Options{Cases: cases, Concurrency: 3}); err != nil {
		t.Fatal(err)
	}
	if most.Load() > 3 {
		t.Errorf("%d requests at once, want at most 3", most.Load())
	}
}

func TestRun_returns_at_once_when_it_is_interrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	target := start(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			interrupt()
			<-r.Context().Done()
		}
	}))
	begun := time.Now()
	cases := []Case{{AnyOrigin: true, Request: get("/")}, {AnyOrigin: true, Request: get("/")}}
	report, err := Run(ctx, target, Options{Cases: cases, Concurrency: 1})
	if report != nil || !errors.Is(err, context.Canceled) || time.Since(begun) > DefaultTimeout/2 {
		t.Errorf("got %v, %v after %v", report, err, time.Since(begun))
	}
}

func TestRun_fails_if_nothing_listens(t *testing.T) {
	address := porttest.Reserve(t).Address()
	_, err := Run(t.Context(), parse(t, "http://"+address), Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "http://"+address+"/: ") || !strings.Contains(fault.HintOf(err), "make run") {
		t.Errorf("got %v with the hint %q", err, fault.HintOf(err))
	}
}

func TestRun_fails_if_it_is_redirected_to_https(t *testing.T) {
	target := start(t, http.RedirectHandler("https://www.example.com/inspect", http.StatusMovedPermanently))
	_, err := Run(t.Context(), target, Options{})
	if err == nil || err.Error() != target.String()+": redirects to https://www.example.com/inspect" || !strings.Contains(fault.HintOf(err), "https://") {
		t.Errorf("got %v with the hint %q", err, fault.HintOf(err))
	}
}

func TestRun_fails_if_the_distribution_serves_no_case(t *testing.T) {
	source, err := os.ReadFile("../../edge/reject_default_domain.js")
	if err != nil || !strings.Contains(string(source), "code: 'default_domain'") {
		t.Errorf("the edge function has another code (%v)", err)
	}
	for body, want := range map[string]string{
		`{"error":{"message":"The cloudfront.net name isn't served.","code":"default_domain"}}`:                             "serves only its own domain names (RejectDefaultDomain)",
		`<?xml version="1.0"?><Error><Code>MissingKey</Code><Message>Missing Key-Pair-Id query parameter</Message></Error>`: "serves only signed URLs and signed cookies (key groups)",
	} {
		target := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, body)
		}))
		if report, err := Run(t.Context(), target, Options{}); report != nil || err == nil || err.Error() != target.String()+": "+want || fault.HintOf(err) == "" {
			t.Errorf("got %v, %v with the hint %q, want %q", report, err, fault.HintOf(err), want)
		}
	}
}

func TestRun_skips_a_case_that_takes_longer_than_the_timeout(t *testing.T) {
	target, _ := serve(t, "", 0)
	cases, err := Select(Matrix(), "silence")
	if err != nil {
		t.Fatal(err)
	}
	for timeout, want := range map[time.Duration]Verdict{DefaultTimeout: Skipped, silence: Informational} {
		report, err := Run(t.Context(), target, Options{Cases: cases, Timeout: timeout})
		if err != nil || len(cases) != 1 || report.Cases[0].Verdict != want {
			t.Errorf("timeout %v: got %+v, %v, want %s", timeout, report, err, want)
		}
	}
}

func TestRun_sends_the_cases_below_the_path_of_the_URL(t *testing.T) {
	target := start(t, &fake{prefix: "/api"}).JoinPath("api/")
	cases, err := Select(Matrix(), "^(Methods|Paths|Query strings)/")
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), target, Options{Cases: cases})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Demo || report.Failed > 0 || report.Passed == 0 {
		t.Errorf("the report is %s with the demo %v", report.Summary(), report.Demo)
	}
	if got := report.Cases[0].Request; !strings.Contains(got, " /api/") {
		t.Errorf("the report shows the request %q, want its whole path", got)
	}
}

func TestParseURL_accepts_a_scheme_a_host_and_a_path(t *testing.T) {
	for given, want := range map[string]string{
		"http://127.0.0.1:23875":         "http://127.0.0.1:23875/",
		"https://d1.cloudfront.net/":     "https://d1.cloudfront.net/",
		"http://[::1]:23875/":            "http://[::1]:23875/",
		"http://a.lambda-url.localhost/": "http://a.lambda-url.localhost/",
		"https://a.example.com/api":      "https://a.example.com/api/",
		"https://a.example.com/a/b//":    "https://a.example.com/a/b/",
	} {
		if got, err := ParseURL(given); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v, want %q", given, got, err, want)
		}
	}
}

func TestParseURL_rejects_everything_else(t *testing.T) {
	for given, want := range map[string]string{
		"":                            "use http:// or https://",
		"127.0.0.1:23875":             "use http:// or https://",
		"d1.cloudfront.net":           "use http:// or https://",
		"ftp://d1.cloudfront.net":     "use http:// or https://",
		"https://":                    "use http:// or https:// and a host",
		"https:///inspect":            "use http:// or https:// and a host",
		"https://a.example.com/api?x": "use https://a.example.com/api",
		"https://a.example.com/?x":    "use https://a.example.com/",
		"https://u:p@a.example.com/":  "use https://a.example.com/",
		"https://a.example.com/#here": "use https://a.example.com/",
	} {
		if got, err := ParseURL(given); err == nil || !strings.Contains(err.Error(), strconv.Quote(given)) || !strings.Contains(fault.HintOf(err), want) {
			t.Errorf("%q: got %v, %v with the hint %q, want the hint %q", given, got, err, fault.HintOf(err), want)
		}
	}
}

func TestSelect_returns_the_cases_that_match(t *testing.T) {
	cases, err := Select(Matrix(), "methods/(get|head)$")
	if err != nil || len(cases) != 2 || cases[0].ID() != "Methods/GET" || cases[1].ID() != "Methods/HEAD" {
		t.Errorf("got %v, %v", cases, err)
	}
	if all, err := Select(Matrix(), ""); err != nil || len(all) != len(Matrix()) {
		t.Errorf("an empty pattern matches %d cases, %v", len(all), err)
	}
	for pattern, want := range map[string]string{"(": "invalid pattern: error parsing regexp", "no such case": "no case matches"} {
		if _, err := Select(Matrix(), pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", pattern, err, want)
		}
	}
}

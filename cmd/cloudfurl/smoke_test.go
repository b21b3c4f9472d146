package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/porttest"
	"github.com/cloudfurl/cloudfurl/internal/smoke"
)

// startApp serves a distribution without the demo.
func startApp(t *testing.T, via string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Via", via)
		w.Header().Set("X-Amz-Cf-Id", "id")
		w.Header().Set("X-Amz-Cf-Pop", "NRT57-P1")
		w.Header().Set("X-Cache", "Error from cloudfront")
		switch {
		case len(r.RequestURI) > 8192:
			w.WriteHeader(http.StatusRequestURITooLong)
		case len(strings.Join(r.Header.Values("X-Smoke-Test"), "")) > 32768:
			w.WriteHeader(494)
		case r.ContentLength > 0:
			w.WriteHeader(http.StatusForbidden)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
		io.WriteString(w, "nothing here")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func runWith(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = run(t.Context(), args, &out, &problems)
	return code, out.String(), problems.String()
}

func TestSmoke_exits_with_0_if_no_case_failed(t *testing.T) {
	code, stdout, stderr := runWith(t, "smoke", startApp(t, "1.1 x.cloudfront.net (CloudFront)"))
	if code != 0 || stderr != "" || !strings.Contains(stdout, " passed, 0 failed, ") || !strings.Contains(stdout, "without the demo function") {
		t.Errorf("exit code %d, %q in:\n%s", code, stderr, stdout)
	}
	if strings.Contains(stdout, "\x1b") {
		t.Errorf("got colors without a terminal:\n%s", stdout)
	}
}

func TestSmoke_says_where_the_demo_is(t *testing.T) {
	demo := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !demo || r.URL.Path != "/api/inspect" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		io.WriteString(w, `{"method":"GET","rawPath":"/api/inspect","bodySha256":"`+strings.Repeat("0", 64)+`"}`)
	}))
	t.Cleanup(server.Close)
	if _, stdout, _ := runWith(t, "smoke", "--only", "^distribution/", server.URL+"/wrong"); !strings.Contains(stdout, "hint: the demo isn't at "+server.URL+"/wrong/: run cloudfurl smoke "+server.URL+"/api/\n") {
		t.Errorf("got\n%s", stdout)
	}
	demo = false
	if _, stdout, _ := runWith(t, "smoke", "--only", "^distribution/", server.URL); !strings.Contains(stdout, "hint: most cases need functions/demo") {
		t.Errorf("got\n%s", stdout)
	}
}

func TestSmoke_exits_with_1_if_a_case_failed(t *testing.T) {
	code, stdout, stderr := runWith(t, "smoke", startApp(t, "1.1 nginx"))
	if code != 1 || !strings.HasPrefix(stderr, "error: failed cases: 1\nhint: ") || !strings.Contains(stdout, "FAILED") {
		t.Errorf("exit code %d, %q in:\n%s", code, stderr, stdout)
	}
}

func TestSmoke_writes_one_JSON_object(t *testing.T) {
	code, stdout, _ := runWith(t, "smoke", "--json", "--only", "^Distribution/", "--timeout", "5s", startApp(t, "1.1 nginx"))
	var report smoke.Report
	decoder := json.NewDecoder(strings.NewReader(stdout))
	if err := decoder.Decode(&report); err != nil || decoder.More() {
		t.Fatalf("%v in:\n%s", err, stdout)
	}
	if code != 1 || report.Failed != 1 || report.Skipped != 1 || len(report.Cases) != 6 || report.Cases[1].Verdict != smoke.Failed || report.Cases[1].Why == "" {
		t.Errorf("exit code %d, %+v", code, report)
	}
}

func TestSmoke_tests_the_function_URL_if_it_is_given(t *testing.T) {
	open := startApp(t, "")
	code, stdout, stderr := runWith(t, "smoke", "--function-url", open, "--only", "function url/get", open)
	if code != 1 || !strings.Contains(stdout, "0 passed, 2 failed, 0 skipped") || !strings.Contains(stderr, "error: failed cases: 2") {
		t.Errorf("exit code %d, %q in:\n%s", code, stderr, stdout)
	}
}

func TestSmoke_exits_with_1_if_nothing_listens(t *testing.T) {
	code, stdout, stderr := runWith(t, "smoke", "http://"+porttest.Reserve(t).Address())
	if code != 1 || stdout != "" || !strings.HasPrefix(stderr, "error: http://") || !strings.Contains(stderr, "\nhint: start the local edge") {
		t.Errorf("exit code %d, %q in:\n%s", code, stderr, stdout)
	}
}

func TestSmoke_hints_at_https_if_it_is_redirected_there(t *testing.T) {
	server := httptest.NewServer(http.RedirectHandler("https://www.example.com/", http.StatusMovedPermanently))
	defer server.Close()
	code, _, stderr := runWith(t, "smoke", server.URL)
	if code != 1 || !strings.Contains(stderr, "redirects to https://www.example.com/\nhint: use the https:// URL") {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}

func TestSmoke_says_if_it_was_interrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		interrupt()
		<-r.Context().Done()
	}))
	defer server.Close()
	var stdout, stderr bytes.Buffer
	code := run(ctx, []string{"smoke", server.URL}, &stdout, &stderr)
	if code != 1 || stdout.Len() != 0 || stderr.String() != "error: interrupted before all cases were run\n" {
		t.Errorf("exit code %d, %q in:\n%s", code, stderr.String(), stdout.String())
	}
}

func TestSmoke_exits_with_2_for_invalid_arguments(t *testing.T) {
	for want, args := range map[string][]string{
		`error: expected "<url>"`:             {},
		"unexpected argument http://b":        {"http://a", "http://b"},
		"hint: use http:// or https://":       {"127.0.0.1:23875"},
		"--function-url: ":                    {"--function-url", "x", "http://127.0.0.1:1"},
		`no case matches "no such case"`:      {"--only", "no such case", "http://127.0.0.1:1"},
		"--only: invalid pattern":             {"http://127.0.0.1:1", "--only", "("},
		"--timeout: invalid duration -1s":     {"--timeout=-1s", "http://127.0.0.1:1"},
		`unknown flag --timout, did you mean`: {"--timout", "http://127.0.0.1:1"},
	} {
		code, stdout, stderr := runWith(t, append([]string{"smoke"}, args...)...)
		if code != 2 || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%q: exit code %d, %q, want %q; on standard output: %q", args, code, stderr, want, stdout)
		}
	}
}

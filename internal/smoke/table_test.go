package smoke

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func report() *Report {
	const note = "Known to fail on AWS."
	return &Report{
		URL: "https://d111111abcdef8.cloudfront.net/", Demo: true,
		Passed: 2, Failed: 1, Skipped: 1, Informational: 2, Unexpected: 1,
		Cases: []Result{
			{Group: "Methods", Name: "GET", Verdict: Passed, Expected: "200, the method arrives", Got: "200, 781 B in 12 ms"},
			{Group: "Bodies", Name: "POST, text", Verdict: Passed, Expected: "200, the same bytes back, the same type, and text that is too long for the table", Got: "200, 22 B in 12 ms"},
			{
				Group: "Bodies", Name: "POST, größer", Verdict: Failed, Expected: "200", Why: "It matters.", Request: "POST /echo, 2 B of body",
				Got: "403 InvalidSignatureException, " + strings.Repeat("very ", 20) + "long; not 200",
			},
			{Group: "Paths", Name: "%20", Verdict: Informational, Expected: "200", Got: "200, 1 B in 1 ms", Note: note},
			{Group: "Paths", Name: "+", Verdict: Informational, Expected: "200", Got: "403; not 200", Note: note, Unexpected: true},
			{Group: "Function URL", Name: "GET", Verdict: Skipped, Expected: "403", Why: "It matters.", Note: "needs --function-url"},
		},
	}
}

func TestReport_is_written_as_a_table(t *testing.T) {
	for name, colors := range map[string]bool{"table.txt": false, "table_colors.txt": true} {
		var got strings.Builder
		if err := report().WriteTable(&got, colors); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", name)
		if os.Getenv("UPDATE_SNAPS") == "true" {
			if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got; update it with UPDATE_SNAPS=true, then inspect the diff):\n%s", golden, diff)
		}
	}
}

func TestReport_says_once_what_fails_many_cases(t *testing.T) {
	denied := Result{Verdict: Failed, Means: "nobody may call", Hint: "let it in"}
	var got strings.Builder
	if err := (&Report{Cases: []Result{denied, denied, {Verdict: Failed}, denied}}).WriteTable(&got, false); err != nil || strings.Count(got.String(), "means:") != 1 || strings.Count(got.String(), "hint:") != 1 {
		t.Errorf("%v in:\n%s", err, got.String())
	}
}

func TestReport_says_if_the_demo_is_missing(t *testing.T) {
	r := report()
	r.Demo = false
	var got strings.Builder
	if err := r.WriteTable(&got, false); err != nil || !strings.HasPrefix(got.String(), r.URL+", without the demo function\n") {
		t.Errorf("%v in:\n%s", err, got.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestReport_returns_the_error_of_its_writer(t *testing.T) {
	if err := report().WriteTable(full{}, false); err == nil {
		t.Error("no error")
	}
}

func TestResponse_has_a_summary_of_one_line(t *testing.T) {
	for want, a := range map[string]*Response{
		"200, 2 B in 5 ms":                          {Status: 200, Body: []byte("ok"), Total: 5e6},
		"200, 2 B in 900 ms, first byte after 5 ms": {Status: 200, Body: []byte("ok"), FirstByte: 5e6, LastByte: 900e6, Total: 900e6},
		"503":                           {Status: 503},
		"403 AccessDeniedException, {}": {Status: 403, Header: map[string][]string{"X-Amzn-Errortype": {"AccessDeniedException"}}, Body: []byte("{}\r\n\x00")},
		"502, Bad gateway. We can't connect now.": {Status: 502, Header: map[string][]string{"Content-Type": {"text/html"}}, Body: []byte("<H1>502</H1>\n<HR noshade size=\"1px\">\nBad gateway.\nWe can't <b>connect</b> now.")},
	} {
		if got := a.summary(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

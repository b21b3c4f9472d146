package smoke

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// A Verdict is the outcome of a case.
type Verdict string

// The verdicts.
const (
	// Passed means that the response was as expected.
	Passed Verdict = "passed"

	// Failed means that the response was different, or that the server didn't respond.
	Failed Verdict = "failed"

	// Skipped means that the case wasn't run.
	Skipped Verdict = "skipped"

	// Informational means that the case was run and every response is acceptable.
	Informational Verdict = "informational"
)

// A Report is the outcome of a run, and what --json prints.
type Report struct {
	// URL is the tested distribution, and FunctionURL its function URL, or "" if
	// that wasn't given.
	URL         string `json:"url"`
	FunctionURL string `json:"functionUrl,omitempty"`

	// Demo reports whether the origin is functions/demo.
	Demo bool `json:"demo"`

	// Passed, Failed, Skipped and Informational count the cases, and Unexpected
	// those of the last that got another response than expected.
	Passed        int `json:"passed"`
	Failed        int `json:"failed"`
	Skipped       int `json:"skipped"`
	Informational int `json:"informational"`
	Unexpected    int `json:"unexpected"`

	// Cases are the outcomes, in the order of the cases.
	Cases []Result `json:"cases"`
}

// A Result is the outcome of one case.
type Result struct {
	Group   string  `json:"group"`
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`

	// Request is the request, in one line.
	Request string `json:"request"`

	// Expected describes the expected response, and Got the one received. Got is
	// empty if the case was skipped.
	Expected string `json:"expected"`
	Got      string `json:"got,omitempty"`

	// Unexpected says that an informational case got another response than expected.
	Unexpected bool `json:"unexpected,omitempty"`

	// Means says what an error response means that AWS made, and Hint what to do.
	Means string `json:"means,omitempty"`
	Hint  string `json:"hint,omitempty"`

	// Why says why the case matters.
	Why string `json:"why"`

	// Note says why the case was skipped, or why it is informational.
	Note string `json:"note,omitempty"`

	// Status is the status of the response, 0 if there was none.
	Status int `json:"status,omitempty"`

	// FirstByteMS and TotalMS are the times from the start of the request to the
	// first byte of the response's body and to its end, in milliseconds.
	FirstByteMS float64 `json:"firstByteMs,omitempty"`
	TotalMS     float64 `json:"totalMs,omitempty"`
}

func newReport(r *runner, results []Result) *Report {
	report := &Report{URL: r.target.String(), Demo: r.noDemo == "", Cases: results}
	if r.functionURL != nil {
		report.FunctionURL = r.functionURL.String()
	}
	count := map[Verdict]*int{Passed: &report.Passed, Failed: &report.Failed, Skipped: &report.Skipped, Informational: &report.Informational}
	for _, result := range results {
		*count[result.Verdict]++
		if result.Unexpected {
			report.Unexpected++
		}
	}
	return report
}

func (r Result) skipped(note string) Result {
	r.Verdict, r.Note = Skipped, note
	return r
}

// decided fills in the response, nil if there was none, and what is wrong with
// it, "" if nothing is.
func (r Result) decided(c Case, response *Response, problem string) Result {
	var got []string
	if response != nil {
		r.Status, r.FirstByteMS, r.TotalMS = response.Status, milliseconds(response.FirstByte), milliseconds(response.Total)
		got = append(got, response.summary())
	}
	r.Verdict = Passed
	if problem != "" {
		r.Verdict = Failed
		got = append(got, problem)
	}
	if c.Informational != "" {
		r.Verdict, r.Note, r.Unexpected = Informational, c.Informational, problem != ""
	}
	if r.Got = strings.Join(got, "; "); response != nil {
		r.Means, r.Hint = response.meaning()
	}
	return r
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

// The widest cells of the table, in characters. JSON and the details of failed
// cases have the whole text.
const (
	maxExpected = 60
	maxGot      = 70
)

// verdicts are the verdicts in the table. Failures stand out without colors too.
var verdicts = map[Verdict]struct{ word, color string }{
	Passed:        {"passed", "32"},
	Failed:        {"FAILED", "31;1"},
	Skipped:       {"skipped", "33"},
	Informational: {"info", "36"},
}

// WriteTable writes the report as text: the cases by group, with details of those
// that failed, and the summary. With colors it uses ANSI escape sequences.
func (r *Report) WriteTable(w io.Writer, colors bool) error {
	t := table{colors: colors}
	for _, result := range r.Cases {
		t.nameWidth = max(t.nameWidth, utf8.RuneCountInString(result.Name))
		t.expectedWidth = max(t.expectedWidth, min(utf8.RuneCountInString(result.Expected), maxExpected))
	}
	t.printf("%s", r.URL)
	if !r.Demo {
		t.printf(", without the demo function")
	}
	t.printf("\n")
	group := ""
	for i, result := range r.Cases {
		if result.Group != group {
			group = result.Group
			t.printf("\n%s\n", t.colored("1", group))
		}
		t.row(result)
		// Neighbors with the same note share it.
		last := i == len(r.Cases)-1 || r.Cases[i+1].Note != result.Note || r.Cases[i+1].Group != group
		if result.Verdict == Informational && last {
			t.more("note", result.Note)
		}
	}
	t.printf("\n%s\n", r.Summary())
	_, err := io.WriteString(w, t.String())
	return err
}

// Summary returns the number of cases by verdict, in one line.
func (r *Report) Summary() string {
	line := fmt.Sprintf("%d passed, %d failed, %d skipped", r.Passed, r.Failed, r.Skipped)
	if r.Informational > 0 {
		line += fmt.Sprintf(", %d informational", r.Informational)
	}
	if r.Unexpected > 0 {
		line += fmt.Sprintf(", of which %d not as expected", r.Unexpected)
	}
	return line
}

type table struct {
	strings.Builder
	colors                   bool
	nameWidth, expectedWidth int
	said                     string // the last meaning
}

func (t *table) printf(format string, values ...any) {
	fmt.Fprintf(&t.Builder, format, values...)
}

func (t *table) row(r Result) {
	verdict := verdicts[r.Verdict]
	got := r.Got
	if r.Verdict == Skipped {
		got = r.Note
	}
	t.printf("  %s  %-*s  %-*s  %s\n", t.colored(verdict.color, fmt.Sprintf("%-8s", verdict.word)),
		t.nameWidth, r.Name, t.expectedWidth, excerpt(r.Expected, maxExpected), excerpt(got, maxGot))
	if r.Verdict == Failed {
		t.more("sent", r.Request)
		t.more("expected", r.Expected)
		t.more("got", r.Got)
		if r.Means != "" && r.Means != t.said { // once where one cause fails many cases
			t.said = r.Means
			t.more("means", r.Means)
			t.more("hint", r.Hint)
		}
		t.more("why", r.Why)
	}
}

func (t *table) more(label, text string) {
	t.printf("            %-10s%s\n", label+":", text)
}

func (t *table) colored(color, text string) string {
	if !t.colors {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

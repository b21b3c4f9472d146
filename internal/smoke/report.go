package smoke

import (
	"strings"
	"time"
)

// A Verdict is what became of a case.
type Verdict string

// The verdicts.
const (
	// Passed is that what was expected came.
	Passed Verdict = "passed"

	// Failed is that something else came, or nothing.
	Failed Verdict = "failed"

	// LeftOut is that the case was not tried.
	LeftOut Verdict = "left out"

	// Informational is that the case was tried, and that whatever came is right.
	Informational Verdict = "informational"
)

// A Report is what became of the cases. It is what --json prints.
type Report struct {
	// URL is the distribution that was asked, and FunctionURL the function URL,
	// empty if its address was not given.
	URL         string `json:"url"`
	FunctionURL string `json:"functionUrl,omitempty"`

	// Demo reports whether functions/demo was there.
	Demo bool `json:"demo"`

	// Passed, Failed, LeftOut and Informational count the cases.
	Passed        int `json:"passed"`
	Failed        int `json:"failed"`
	LeftOut       int `json:"leftOut"`
	Informational int `json:"informational"`

	// Cases are the cases in the order of the matrix.
	Cases []Result `json:"cases"`
}

// A Result is what became of one case.
type Result struct {
	Group   string  `json:"group"`
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`

	// Request is what was sent, in one line.
	Request string `json:"request"`

	// Expected says what should come, and Came what did. Came is empty for a
	// case that was left out.
	Expected string `json:"expected"`
	Came     string `json:"came,omitempty"`

	// Why says why the case matters.
	Why string `json:"why"`

	// Note says why the case was left out, or why its outcome decides nothing.
	Note string `json:"note,omitempty"`

	// Status is that of the answer, 0 without one.
	Status int `json:"status,omitempty"`

	// FirstByteMS and TotalMS are milliseconds from the beginning of the request
	// to the first byte of the answer's body, and to the end of the answer.
	FirstByteMS float64 `json:"firstByteMs,omitempty"`
	TotalMS     float64 `json:"totalMs,omitempty"`
}

func newReport(r *runner, results []Result) *Report {
	report := &Report{URL: r.target.String(), Demo: r.noDemo == "", Cases: results}
	if r.functionURL != nil {
		report.FunctionURL = r.functionURL.String()
	}
	for _, result := range results {
		switch result.Verdict {
		case Passed:
			report.Passed++
		case Failed:
			report.Failed++
		case LeftOut:
			report.LeftOut++
		case Informational:
			report.Informational++
		}
	}
	return report
}

func (r Result) leftOut(note string) Result {
	r.Verdict, r.Note = LeftOut, note
	return r
}

// decided fills in what came: an answer, unless there was none, and what is
// wrong with it, empty if nothing is.
func (r Result) decided(c Case, answer *Answer, problem string) Result {
	var came []string
	if answer != nil {
		r.Status, r.FirstByteMS, r.TotalMS = answer.Status, milliseconds(answer.FirstByte), milliseconds(answer.Total)
		came = append(came, answer.summary())
	}
	r.Verdict = Passed
	if problem != "" {
		r.Verdict = Failed
		came = append(came, problem)
	}
	if c.Informational != "" {
		r.Verdict, r.Note = Informational, c.Informational
	}
	r.Came = strings.Join(came, "; ")
	return r
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

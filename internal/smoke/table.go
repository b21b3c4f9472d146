package smoke

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

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
		if r.Means != "" {
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

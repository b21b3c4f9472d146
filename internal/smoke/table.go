package smoke

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// How many characters of a cell fit into the table. JSON has all of them, and so
// have the lines about a case that failed.
const (
	maxExpected = 60
	maxCame     = 70
)

// words are the verdicts in the table; failures stand out without colours too.
var words = map[Verdict]struct{ word, colour string }{
	Passed:        {"passed", "32"},
	Failed:        {"FAILED", "31;1"},
	LeftOut:       {"left out", "33"},
	Informational: {"info", "36"},
}

// WriteTable writes the report for a person: the cases by their groups, with
// more about those that failed, and a line that counts them. Colours are ANSI's.
func (r *Report) WriteTable(w io.Writer, colours bool) error {
	t := table{colours: colours}
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
			t.printf("\n%s\n", t.coloured("1", group))
		}
		t.row(result)
		// Neighbours with one note share it.
		last := i == len(r.Cases)-1 || r.Cases[i+1].Note != result.Note || r.Cases[i+1].Group != group
		if result.Verdict == Informational && last {
			t.more("note", result.Note)
		}
	}
	t.printf("\n%s\n", r.Summary())
	_, err := io.WriteString(w, t.String())
	return err
}

// Summary returns the line that counts the cases.
func (r *Report) Summary() string {
	line := fmt.Sprintf("%d passed, %d failed, %d left out", r.Passed, r.Failed, r.LeftOut)
	if r.Informational > 0 {
		line += fmt.Sprintf(", %d informational", r.Informational)
	}
	return line
}

type table struct {
	strings.Builder
	colours                  bool
	nameWidth, expectedWidth int
}

func (t *table) printf(format string, values ...any) {
	fmt.Fprintf(&t.Builder, format, values...)
}

func (t *table) row(r Result) {
	verdict := words[r.Verdict]
	came := r.Came
	if r.Verdict == LeftOut {
		came = r.Note
	}
	t.printf("  %s  %-*s  %-*s  %s\n", t.coloured(verdict.colour, fmt.Sprintf("%-8s", verdict.word)),
		t.nameWidth, r.Name, t.expectedWidth, excerpt(r.Expected, maxExpected), excerpt(came, maxCame))
	if r.Verdict == Failed {
		t.more("sent", r.Request)
		t.more("expected", r.Expected)
		t.more("came", r.Came)
		t.more("why", r.Why)
	}
}

func (t *table) more(label, text string) {
	t.printf("            %-10s%s\n", label+":", text)
}

func (t *table) coloured(colour, text string) string {
	if !t.colours {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

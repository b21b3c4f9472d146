package e2e

import (
	"encoding/json"
	"os/exec"
	"testing"
)

// The matrix that judges a live distribution judges the local edge, and leaves
// nothing out.
func TestSmoke_passes_against_the_local_edge(t *testing.T) {
	e := serve(t, built.assembly)
	output, err := exec.Command(built.command, "smoke", "--json", "--function-url", e.FunctionURL, e.URL).Output()
	var report struct {
		Passed, Failed, LeftOut int
		Cases                   []struct{ Group, Name, Verdict, Expected, Came string }
	}
	if decoding := json.Unmarshal(output, &report); decoding != nil {
		t.Fatalf("%v (%v): %s", decoding, err, output)
	}
	if err != nil || report.Failed > 0 || report.LeftOut > 0 || report.Passed < 50 {
		t.Errorf("got %d passed, %d failed, %d left out (%v), want all passed", report.Passed, report.Failed, report.LeftOut, err)
	}
	for _, c := range report.Cases {
		if c.Verdict == "failed" || c.Verdict == "left out" {
			t.Errorf("%s: %s: %s: expected %s, came %s", c.Verdict, c.Group, c.Name, c.Expected, c.Came)
		}
	}
}

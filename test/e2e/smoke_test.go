package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The matrix for live distributions must pass on the local edge, without
// skipping a case, and with every response as expected where AWS may respond
// otherwise. A short ReadTimeout cuts the silence that one case waits for.
func TestSmoke_passes_against_the_local_edge(t *testing.T) {
	e := serve(t, changed(t, "Cloudfurl", func(resources map[string]any) {
		for _, resource := range resources {
			if properties := resource.(map[string]any); properties["Type"] == "AWS::CloudFront::Distribution" {
				config := properties["Properties"].(map[string]any)["DistributionConfig"].(map[string]any)
				for _, origin := range config["Origins"].([]any) {
					origin.(map[string]any)["CustomOriginConfig"].(map[string]any)["OriginReadTimeout"] = 2
				}
			}
		}
	}))
	output, err := exec.Command(built.command, "smoke", "--json", "--timeout", "90s", "--function-url", e.FunctionURL, e.URL).Output()
	var report struct {
		Passed, Failed, Skipped, Informational int
		Cases                                  []struct {
			Group, Name, Verdict, Expected, Got string
			Unexpected                          bool
		}
	}
	if decoding := json.Unmarshal(output, &report); decoding != nil {
		t.Fatalf("%v (%v): %s", decoding, err, output)
	}
	if err != nil || report.Failed > 0 || report.Skipped > 0 || report.Passed < 50 {
		t.Errorf("got %d passed, %d failed, %d skipped (%v), want all to pass", report.Passed, report.Failed, report.Skipped, err)
	}
	for _, c := range report.Cases {
		if c.Verdict == "failed" || c.Verdict == "skipped" || c.Unexpected {
			t.Errorf("%s: %s: %s: expected %s, got %s", c.Verdict, c.Group, c.Name, c.Expected, c.Got)
		}
	}
	page, err := os.ReadFile("../../docs/local.md")
	if err != nil {
		t.Fatal(err)
	}
	summary := fmt.Sprintf("%d passed, %d failed, %d skipped, %d informational", report.Passed, report.Failed, report.Skipped, report.Informational)
	if !strings.Contains(string(page), summary) {
		t.Errorf("docs/local.md doesn't show %q", summary)
	}
}

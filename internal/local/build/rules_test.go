package build

import (
	"os"
	"regexp"
	"testing"
)

func TestRules_are_documented(t *testing.T) {
	page, err := os.ReadFile("../../../docs/check.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]Rule{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| ([a-z]+) \\| [^|]+ \\|(?: \\[.+\\]\\((.+)\\))? \\|$").FindAllStringSubmatch(string(page), -1) {
		documented[row[1]] = Rule{Severity(row[2]), row[3]}
	}
	for name, rule := range Rules {
		if documented[name] != rule {
			t.Errorf("docs/check.md has %v for %s, want %v", documented[name], name, rule)
		}
	}
	if len(documented) != len(Rules) {
		t.Errorf("docs/check.md has %d rules, want %d", len(documented), len(Rules))
	}
}

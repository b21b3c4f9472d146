package test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// A workflow is one of GitHub, with what these tests read.
type workflow struct {
	Permissions any
	Jobs        map[string]struct {
		Permissions    any
		TimeoutMinutes int `yaml:"timeout-minutes"`
		Steps          []struct{ Uses, Run string }
	}
}

// readYAML reads a file of the repository.
func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// workflows returns the workflows by their file.
func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	found := map[string]workflow{}
	for path := range read(t, "../.github/workflows/*.yml") {
		var one workflow
		readYAML(t, path, &one)
		found[path] = one
	}
	return found
}

func TestWorkflows_pin_actions_by_commit_and_say_which_version_that_is(t *testing.T) {
	uses := regexp.MustCompile(`(?m)^\s*(?:- )?uses: (.*)$`)
	pinned := regexp.MustCompile(`^([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$`)
	commits := map[string]string{}
	for path, text := range read(t, "../.github/workflows/*.yml") {
		for _, line := range uses.FindAllStringSubmatch(text, -1) {
			action := pinned.FindStringSubmatch(line[1])
			if action == nil {
				t.Errorf("%s uses %s, want a commit and its version, such as actions/checkout@<40 digits> # v7.0.1", path, line[1])
				continue
			}
			pin := action[2] + " " + action[3]
			if other := commits[action[1]]; other != "" && other != pin {
				t.Errorf("%s uses %s at %s, and another workflow at %s", path, action[1], pin, other)
			}
			commits[action[1]] = pin
		}
	}
	if len(commits) == 0 {
		t.Error("found no action")
	}
}

func TestWorkflows_state_permissions_and_times(t *testing.T) {
	writes := map[string]string{"smoke": "map[contents:read id-token:write]", "release": "map[contents:write]"}
	for path, w := range workflows(t) {
		if got := text(w.Permissions); got != "map[]" && got != "map[contents:read]" {
			t.Errorf("%s: got permissions %q for all jobs, want none, or to read", path, got)
		}
		for name, job := range w.Jobs {
			if job.TimeoutMinutes == 0 || job.TimeoutMinutes > 120 {
				t.Errorf("%s: %s may take %d minutes, want a limit", path, name, job.TimeoutMinutes)
			}
			if got := text(job.Permissions); got != writes[name] {
				t.Errorf("%s: %s has permissions %q, want %q", path, name, got, writes[name])
			}
		}
	}
}

func TestWorkflows_run_targets_and_packages_that_exist(t *testing.T) {
	makefile := read(t, "../Makefile")["../Makefile"]
	command := regexp.MustCompile(`(?m)^(?:make|go test|\.ci/run)\b(.*)$`)
	ran := 0
	for path, w := range workflows(t) {
		for _, job := range w.Jobs {
			for _, step := range job.Steps {
				for _, line := range command.FindAllStringSubmatch(step.Run, -1) {
					words, _, _ := strings.Cut(line[1], "CDK_FLAGS")
					for _, word := range strings.Fields(words) {
						ran++
						if strings.HasPrefix(word, "./") {
							if files, _ := filepath.Glob("../" + word + "/*_test.go"); len(files) == 0 {
								t.Errorf("%s tests %s, which has no tests", path, word)
							}
						} else if !strings.Contains(makefile, "\n"+word+":") {
							t.Errorf("%s makes %s, which the Makefile doesn't have", path, word)
						}
					}
				}
			}
		}
	}
	if ran < 10 {
		t.Errorf("found %d targets and packages, want those of CI", ran)
	}
}

func TestWorkflows_use_the_Go_of_go_mod(t *testing.T) {
	want := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod")["../go.mod"])[1]
	for path, text := range read(t, "../.github/workflows/*.yml") {
		for _, version := range regexp.MustCompile(`go-version: (.*)`).FindAllStringSubmatch(text, -1) {
			if version[1] != "'"+want+"'" { // the newest patch
				t.Errorf("%s uses Go %s, want '%s'", path, version[1], want)
			}
		}
	}
}

// A form is GitHub's form of an issue.
type form struct {
	Body []struct {
		ID          string
		Validations struct{ Required bool }
	}
}

func TestIssueForms_ask_for_version_and_check(t *testing.T) {
	var bug form
	readYAML(t, "../.github/ISSUE_TEMPLATE/bug.yml", &bug)
	required := map[string]bool{}
	for _, field := range bug.Body {
		required[field.ID] = field.Validations.Required
	}
	if !required["version"] || !required["check"] {
		t.Errorf("got required fields %v, want version and check among them", required)
	}
}

// text returns a value of YAML on one line, and "" for none.
func text(value any) string {
	if value == nil {
		return ""
	}
	return strings.Join(strings.Fields(fmt.Sprint(value)), " ")
}

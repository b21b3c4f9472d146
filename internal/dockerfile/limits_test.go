package dockerfile

import (
	"fmt"
	"strings"
	"testing"
)

// Each of these took gigabytes or hours.
func TestParse_is_bounded(t *testing.T) {
	doubled := "FROM a\nENV A=aaaaaaaa\n" + strings.Repeat("ENV A=$A$A\n", 22)
	if err := mustParse(t, doubled).Unsupported; err == nil || !strings.Contains(err.Error(), "Dockerfile:19: variables are replaced by more than 1048576 bytes") {
		t.Errorf("got %v for a variable that doubles", err)
	}
	copies := "FROM a AS s0\nCOPY . /a\n"
	for n := range 40 {
		copies += fmt.Sprintf("FROM s%d AS s%d\nCOPY --from=s%[1]d / /x\nCOPY --from=s%[1]d / /y\n", n, n+1)
	}
	if err := mustParse(t, copies).Unsupported; err == nil || !strings.Contains(err.Error(), ": its stages copy more than 1000 files") {
		t.Errorf("got %v for stages that double what they copy", err)
	}
	stages := strings.Repeat("FROM a as a\n", maxStages+1)
	if _, err := parse(t, stages, nil, ""); err == nil || !strings.Contains(err.Error(), "Dockerfile:101: the Dockerfile has more than 100 stages") {
		t.Errorf("got %v for many stages", err)
	}
	nested := "FROM a\nENV A=" + strings.Repeat("${B:-", maxFile/10) + strings.Repeat("}", maxFile/10)
	if image := mustParse(t, nested); image.Env["A"] != "" {
		t.Errorf("got %+v of nested variables", image)
	}
	if _, err := parse(t, "FROM a\n#"+strings.Repeat("a", maxFile), nil, ""); err == nil || !strings.Contains(err.Error(), "has more than 131072 bytes") {
		t.Errorf("got %v for a large file", err)
	}
}

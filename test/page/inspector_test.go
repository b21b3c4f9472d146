package page

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestInspector_works_in_a_browser(t *testing.T) {
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		t.Skip("the variable CHROMIUM names no browser; make test-page looks for one")
	}
	t.Chdir(filepath.Join("..", ".."))
	edge := localtest.Serve(t, localtest.Build(t),
		localtest.Synthesize(t, map[string]string{"architecture": architectures[runtime.GOARCH], "region": "ap-northeast-1"}),
		"--template", filepath.Join("test", "page", "testdata", "hostile.yaml"))
	test := exec.Command("node", "--test", "inspector.test.mjs")
	test.Dir = filepath.Join("test", "page")
	test.Env = append(os.Environ(), "CHROMIUM="+chromium)
	for name, before := range map[string]string{"INSPECTOR": `inspector +`, "DEMO": `distribution +Cloudfurl/\S+\s+`, "OPEN": `hostile/Open\s+`, "CLOSED": `hostile/Closed\s+`} {
		found := regexp.MustCompile(before + `(http://\S+)/`).FindStringSubmatch(edge.Banner)
		if found == nil {
			t.Fatalf("the banner lacks an address after %q:\n%s", before, edge.Banner)
		}
		test.Env = append(test.Env, name+"="+found[1])
	}
	output, err := test.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	t.Logf("%s", output)
}

// Package page tests the page of the demo, the inspector, and the package @cloudfurl/client on a small page: it serves
// the app with its static files by `cloudfurl local`, and drives the pages in Chromium. `make test-page` runs it.
package page

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// architectures are Lambda's names of the machines that this test runs on.
var architectures = map[string]string{"amd64": "x86_64", "arm64": "arm64"}

func TestPage_works_in_a_browser(t *testing.T) {
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		t.Skip("the variable CHROMIUM names no browser; make test-page looks for one")
	}
	root := filepath.Join("..", "..")
	t.Chdir(root)
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t, map[string]string{
		"architecture": architectures[runtime.GOARCH], "region": "ap-northeast-1", "staticDir": "site", "agentModel": "embedded",
	}))
	test := exec.Command("node", "--test", "--test-concurrency=1", "page.test.mjs", "package.test.mjs")
	test.Dir = filepath.Join("test", "page")
	test.Env = append(os.Environ(), "PAGE_URL="+edge.URL+"/", "CHROMIUM="+chromium)
	output, err := test.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	t.Logf("%s", output)
}

package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestImage_of_another_app_runs_a_command_given(t *testing.T) {
	onlyPrograms(t, nil)
	dir := imageAssembly(t, nil, func(api object) {
		api["Code"] = object{"ImageUri": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1"}
	})
	t.Chdir(t.TempDir())
	if err := os.WriteFile("app.py", []byte(app), 0o600); err != nil {
		t.Fatal(err)
	}
	edge, log := open(t, dir, Options{Commands: map[string]string{"Api": "exec python3 app.py given"}})
	if resp, body := get(t, edge, "/api/"); !strings.HasPrefix(body, "['given'] in ") {
		t.Errorf("got %d %s; log %s", resp.StatusCode, body, log)
	}
}

func TestCommands_run_in_place_of_a_runtime(t *testing.T) {
	onlyPrograms(t, nil)
	code := t.TempDir()
	if err := os.WriteFile(filepath.Join(code, "app.py"), []byte(app), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := siteAssembly(t, func(r object) {
		withLayers(webLayer)(r)
		api := properties(r, "Api")
		api["Runtime"], api["Code"] = "java21", object{"S3Bucket": "assets", "S3Key": "code.zip"}
	})
	addAsset(t, dir, "code.zip", code, "zip")
	edge, log := open(t, dir, Options{Commands: map[string]string{"Api": "exec python3 app.py zip"}})
	if resp, body := get(t, edge, "/api/"); !strings.HasPrefix(body, "['zip'] in ") {
		t.Errorf("got %d %s; log %s", resp.StatusCode, body, log)
	}
	log.Want(t, "Site/Api/Function runs exec python3 app.py zip in place of its runtime, as a web app behind the stand-in for AWS's adapter")
	quiet, _ := logtest.New()
	_, err := buildDir(dir, Options{Commands: map[string]string{"Apj": "true"}}, quiet)
	wantError(t, err, "--run: Apj doesn't name a function", "use one of Api, Site/Api/Function")
}

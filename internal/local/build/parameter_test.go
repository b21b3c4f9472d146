package build

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// withParameters is an app whose function gets a parameter in a variable, and whose
// permissions have a condition.
func withParameters(t *testing.T, parameters string) string {
	t.Helper()
	dir := siteAssembly(t, withAPI(func(r object) {
		properties(r, "Api")["Code"] = object{"ZipFile": "exports.handler = async () => process.env.KEY"}
		properties(r, "Api")["Environment"] = object{"Variables": object{"KEY": object{"Ref": "Key"}}}
		for _, action := range []string{"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} {
			r[strings.TrimPrefix(action, "lambda:")] = permission(action, object{})
		}
	}))
	file := filepath.Join(dir, "Site.template.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(`{"Parameters":`+parameters+`,`+string(text)[1:]), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestParameters_are_given_by_name(t *testing.T) {
	dir := withParameters(t, `{"Key":{"Type":"String"}}`)
	for name, want := range map[string]string{"Key": "given-1", "Site.Key": "given-2", "": "Site-KEY-"} {
		given := map[string]string{name: want}
		if name == "" {
			given = nil
		}
		edge, log := open(t, dir, Options{Parameters: given})
		if resp, body := get(t, edge, "/api/"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(strings.Trim(body, `"`), want) {
			t.Errorf("%s: got %d %s, want %s", name, resp.StatusCode, body, want)
		}
		if name == "" {
			log.Want(t, "Site/Api/Function gets made-up values", "parameter Key: has no default and no value (needed by Site/Api/Function, Environment.Variables.KEY)", "--parameter Site.Key=VALUE")
		}
	}
	log, _ := logtest.New()
	_, err := buildDir(dir, Options{Parameters: map[string]string{"Kye": "x"}}, log)
	wantError(t, err, "--parameter: no stack has the parameter Kye", "use one of Key, Site.Key")
}

func TestParameters_without_echo_are_in_no_error(t *testing.T) {
	dir := withParameters(t, `{"Key":{"Type":"String","NoEcho":true}}`)
	file := filepath.Join(dir, "Site.template.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	index := strings.Replace(string(text), `{"Ref":"Key"}`, `{"Fn::Select":[{"Ref":"Key"},["a"]]}`, 1)
	if err := os.WriteFile(file, []byte(index), 0o644); err != nil {
		t.Fatal(err)
	}
	log, wrote := logtest.New()
	_, err = buildDir(dir, Options{Parameters: map[string]string{"Key": "hunter2hunter2"}}, log)
	wantError(t, err, "is \"(the value of parameter Site.Key)\", not an index")
	if strings.Contains(wrote.String()+err.Error(), "hunter2") {
		t.Errorf("got %v and %s, want neither to have the value", err, wrote)
	}
}

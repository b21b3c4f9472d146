package templatefile

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const samTemplate = `
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, CodeUri: src, MemorySize: 512}}
Resources:
  App:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      FunctionUrlConfig: {AuthType: AWS_IAM, InvokeMode: RESPONSE_STREAM}
      Policies: [AmazonDynamoDBReadOnlyAccess]
`

// This test asks the package index, once a machine.
func TestRead_translates_SAM(t *testing.T) {
	dir := write(t, map[string]string{"template.yaml": samTemplate, "src/app.py": ""})
	files := []File{{Path: filepath.Join(dir, "template.yaml"), Stack: "app", Region: "eu-west-1"}}
	stacks, err := Read(files, Options{Temp: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		if strings.Contains(err.Error(), "couldn't reach the package index") || strings.Contains(err.Error(), "no python3") {
			t.Skip("SKIPPED: ", err)
		}
		t.Fatal(err)
	}
	s := stacks[0]
	if got := propertiesOf(t, s, "App"); !strings.Contains(got, `"S3Key":"App"`) || !strings.Contains(got, `"MemorySize":512`) {
		t.Errorf("got the function %s", got)
	}
	if got := propertiesOf(t, s, "AppUrl"); !strings.Contains(got, `"InvokeMode":"RESPONSE_STREAM"`) {
		t.Errorf("got the function URL %s", got)
	}
	if got := propertiesOf(t, s, "AppRole"); !strings.Contains(got, "policy/AmazonDynamoDBReadOnlyAccess") {
		t.Errorf("got the role %s", got)
	}
	if asset, err := s.Asset("App"); filepath.Base(asset.Path) != "src" || err != nil {
		t.Errorf("got the code %+v, %v", asset, err)
	}
}

// fakeTranslator stands for the package of AWS, whose InvalidDocumentException has
// causes.
var fakeTranslator = map[string]string{
	"samtranslator/__init__.py": "", "samtranslator/model/__init__.py": "", "samtranslator/translator/__init__.py": "",
	"samtranslator/model/exceptions.py":         "class InvalidDocumentException(Exception):\n    causes = [type('C', (), {'message': 'Wrong.'}), type('C', (), {'message': 'Bad.'})]\n",
	"samtranslator/translator/arn_generator.py": "class ArnGenerator: pass\n",
	"samtranslator/translator/transform.py": `import os
from samtranslator.model.exceptions import InvalidDocumentException
def transform(template, parameters, loader):
    if "Broken" in template: raise InvalidDocumentException()
    if "Crash" in template: raise KeyError("crash")
    return {"parameters": parameters, "region": os.environ["AWS_DEFAULT_REGION"], "profile": os.environ.get("AWS_PROFILE"), "policies": loader.load()}
`,
}

func TestTranslator_gets_region_and_parameters_and_no_profile(t *testing.T) {
	program, _, err := python("python3")
	if err != nil {
		t.Skip("SKIPPED: ", err)
	}
	t.Setenv("AWS_PROFILE", "nobody")
	packages := write(t, fakeTranslator)
	given := func(section string) item {
		return item{map[string]any{section: "x"}, map[string]string{"A": "1"}, "eu-west-1"}
	}
	results, err := runTranslator(program, packages, []item{given("Good"), given("Broken")})
	if err != nil {
		t.Fatal(err)
	}
	want := []result{
		{Template: map[string]any{"parameters": map[string]any{"A": "1"}, "region": "eu-west-1", "profile": nil, "policies": map[string]any{}}},
		{Problems: []string{"Wrong.", "Bad."}},
	}
	if diff := cmp.Diff(want, results); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	if _, err := runTranslator(program, packages, []item{given("Crash")}); err == nil || !strings.Contains(err.Error(), "KeyError: 'crash'") {
		t.Errorf("got %v, want the last line of its output", err)
	}
}

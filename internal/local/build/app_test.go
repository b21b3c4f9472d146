package build

import (
	"maps"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestBuild_looks_for_no_program_before_the_app_starts(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // without Node.js
	dir := imageAssembly(t, imageFiles("WORKDIR /app\nCMD [\"nowhere\"]"), nil)
	addStack(t, dir, "Other", "eu-west-1", object{
		"Node": object{"Type": "AWS::Lambda::Function", "Properties": object{"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": object{"ZipFile": "//"}}},
		"Url":  object{"Type": "AWS::Lambda::Url", "Properties": object{"AuthType": "NONE", "TargetFunctionArn": object{"Ref": "Node"}}},
	})
	cloud, err := assembly.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	log, wrote := logtest.New()
	app, err := Build(cloud, Options{}, log)
	if err != nil {
		t.Fatalf("got %v, want an app", err)
	}
	app.Start()
	wrote.Want(t, "Other/Node isn't served, its requests get 501", "runtime nodejs22.x needs Node.js", "install Node.js")
	wrote.Want(t, "Site/Api/Function isn't served, its requests get 501", "nowhere isn't on this machine")
	if err := app.Close(); err != nil {
		t.Error(err)
	}
}

func TestApp_has_one_part_for_the_main_port_at_most(t *testing.T) {
	front, other := Part{Path: "front", Front: true}, Part{Path: "other"}
	for _, test := range []struct {
		parts []Part
		main  bool
	}{
		{nil, false},
		{[]Part{front}, true}, {[]Part{other}, true},
		{[]Part{front, other}, true}, {[]Part{front, other, other}, true},
		{[]Part{front, front, other}, false}, {[]Part{other, other}, false},
	} {
		chooseMain(test.parts)
		for i, part := range test.parts {
			if part.Main != (test.main && i == 0) {
				t.Errorf("%v: part %d is main: %v", test.parts, i, part.Main)
			}
		}
	}
}

func TestBuild_reports_what_Lambda_rejects_before_the_app_starts(t *testing.T) {
	for want, change := range map[string]object{
		"Site/Api/Function, Timeout: 16m40s is outside Lambda's limits": {"Timeout": 1000},
		"Site/Api/Function, Environment.Variables":                      {"Environment": object{"Variables": object{"AWS_REGION": "x"}}},
	} {
		cloud, err := assembly.Open(siteAssembly(t, withAPI(func(r object) { maps.Copy(properties(r, "Api"), change) })))
		if err != nil {
			t.Fatal(err)
		}
		log, _ := logtest.New()
		_, err = Build(cloud, Options{}, log)
		wantError(t, err, want)
	}
}

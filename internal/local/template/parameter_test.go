package template

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSetParameters_wins_over_the_assembly_and_reads_outputs(t *testing.T) {
	app := Stack{ID: "App", Name: "app", Region: "eu-west-1", Parameters: map[string]string{"Level": "info"}, Template: decodeJSON(t, `{
		"Parameters":{"Level":{"Type":"String"},"Version":{"Type":"String"},"Host":{"Type":"String"}},
		"Resources":{"R":{"Type":"T","Properties":{"Level":{"Ref":"Level"},"Version":{"Ref":"Version"},"Host":{"Ref":"Host"}}}}}`)}
	edge := Stack{ID: "Edge", Region: "us-east-1", Template: decodeJSON(t, `{"Resources":{},"Outputs":{"Arn":{"Value":"arn:1"}}}`)}
	d := deploy(t, nil, app, edge)
	if err := d.SetParameters(map[string]string{"Level": "debug", "Version": "Edge.Arn", "App.Host": "Edge.example.com"}); err != nil {
		t.Fatal(err)
	}
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Level": "debug", "Version": "arn:1", "Host": "Edge.example.com"} {
		if got, err := r.Text(name); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
	contains(t, deploy(t, nil, app, edge).SetParameters(map[string]string{"Levle": "x"}), "--parameter: no stack has the parameter Levle", "use one of")
	wrong := deploy(t, nil, app, edge)
	if err := wrong.SetParameters(map[string]string{"Version": "Edge.Ran"}); err != nil {
		t.Fatal(err)
	}
	r, _ = wrong.Resource("App", "R")
	_, err = r.Text("Version")
	contains(t, err, `stack Edge has no output "Ran"`, "use Arn")
}

func TestParameter_without_a_value_is_of_one_part(t *testing.T) {
	d := one(t, `{"Parameters":{"Host":{"Type":"String"}},"Conditions":{"Given":{"Fn::Equals":[{"Ref":"Host"},"x"]}},
		"Resources":{"R":{"Type":"T","Properties":{"A":{"Ref":"Host"}}},"S":{"Type":"T","Condition":"Given"}}}`)
	var skipped []error
	d.Skipped = func(err error) { skipped = append(skipped, err) }
	found, err := d.ResourcesOfType("T")
	if err != nil || len(found) != 1 || len(skipped) != 1 {
		t.Fatalf("got %d resources and %v, %v, want one and what was left out", len(found), skipped, err)
	}
	contains(t, skipped[0], "App, parameter Host: has no default and no value", "needed by App, condition Given", "--parameter App.Host=VALUE")
	if _, err := found[0].Text("A"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("got %v, want an error of one part", err)
	}
}

func TestSecrets_are_the_values_of_parameters_without_echo(t *testing.T) {
	d := one(t, `{"Parameters":{"Key":{"Type":"String","NoEcho":true},"Token":{"Type":"String","NoEcho":"true"},"Level":{"Type":"String"}},"Resources":{}}`)
	if err := d.SetParameters(map[string]string{"Key": "hunter2", "Level": "debug"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"parameter App.Key": "hunter2"}, d.Secrets()); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
}

package template

import (
	"testing"
)

// pair deploys a stack Edge in us-east-1 with outputs, and a stack App, whose
// property Value of the resource Subject is returned.
func pair(t testing.TB, outputs, value string, change func(edge, app *Stack)) (any, error) {
	t.Helper()
	edge := Stack{ID: "Edge", Region: "us-east-1", Template: decodeJSON(t, `{
		"Conditions":{"No":{"Fn::Equals":["a","b"]}},
		"Resources":{
			"Hasher":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"hasher"}},
			"HasherVersion":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Ref":"Hasher"}}}},
		"Outputs":{`+outputs+`}}`)}
	app := Stack{ID: "App", Region: "eu-west-1", Template: decodeJSON(t, `{
		"Parameters":{"EdgeName":{"Type":"String","Default":"Edge"}},
		"Resources":{"Subject":{"Type":"AWS::Test::Subject","Properties":{"Value":`+value+`}}}}`)}
	if change != nil {
		change(&edge, &app)
	}
	r, err := deploy(t, nil, edge, app).Resource("App", "Subject")
	if err != nil {
		t.Fatal(err)
	}
	return r.Property("Value")
}

const (
	versionOutput  = `"VersionArn":{"Value":{"Ref":"HasherVersion"},"Export":{"Name":{"Fn::Sub":"${AWS::StackName}:Version"}}}`
	getVersion     = `{"Fn::GetStackOutput":{"StackName":{"Ref":"EdgeName"},"Region":"us-east-1","OutputName":"VersionArn"}}`
	versionOfEdge  = "arn:aws:lambda:us-east-1:111122223333:function:hasher:1"
	importVersion  = `{"Fn::ImportValue":"Edge:Version"}`
	roleOf999      = `"RoleArn":"arn:aws:iam::999999999999:role/reader"`
	getWithRole999 = `{"Fn::GetStackOutput":{"StackName":"Edge","Region":"us-east-1","OutputName":"VersionArn",` + roleOf999 + `}}`
)

func TestGetStackOutput_reads_another_region(t *testing.T) {
	got, err := pair(t, versionOutput, getVersion, nil)
	if err != nil || got != versionOfEdge {
		t.Errorf("Fn::GetStackOutput = %v, %v; want %s", got, err, versionOfEdge)
	}
}

func TestGetStackOutput_reads_its_own_region_by_default(t *testing.T) {
	const value = `{"Fn::GetStackOutput":{"StackName":"Edge","OutputName":"VersionArn","RoleArn":{"Ref":"AWS::NoValue"}}}`
	got, err := pair(t, versionOutput, value, func(_, app *Stack) { app.Region = "us-east-1" })
	if err != nil || got != versionOfEdge {
		t.Errorf("Fn::GetStackOutput = %v, %v; want %s", got, err, versionOfEdge)
	}
	_, err = pair(t, versionOutput, value, nil)
	contains(t, err, "stack Edge isn't defined in region eu-west-1", "App in eu-west-1, Edge in us-east-1")
}

func TestGetStackOutput_reads_from_an_environment_agnostic_stack(t *testing.T) {
	got, err := pair(t, versionOutput, getVersion, func(_, app *Stack) { app.Region = "" })
	if err != nil || got != versionOfEdge {
		t.Errorf("Fn::GetStackOutput = %v, %v; want %s", got, err, versionOfEdge)
	}
}

func TestGetStackOutput_of_another_account_needs_its_role(t *testing.T) {
	accounts := func(edge, app *Stack) { edge.Account, app.Account = "999999999999", "888888888888" }
	_, err := pair(t, versionOutput, getVersion, accounts)
	contains(t, err, "stack Edge is in account 999999999999, not in 888888888888", "RoleArn")
	got, err := pair(t, versionOutput, getWithRole999, accounts)
	if want := "arn:aws:lambda:us-east-1:999999999999:function:hasher:1"; err != nil || got != want {
		t.Errorf("Fn::GetStackOutput with a role = %v, %v; want %s", got, err, want)
	}
}

func TestGetStackOutput_finds_a_stack_that_leaves_its_account_open(t *testing.T) {
	for _, value := range []string{getVersion, getWithRole999} {
		got, err := pair(t, versionOutput, value, func(_, app *Stack) { app.Account = "888888888888" })
		if err != nil || got != versionOfEdge {
			t.Errorf("%s = %v, %v; want %s", value, got, err, versionOfEdge)
		}
	}
}

func TestGetStackOutput_rejects(t *testing.T) {
	const place = "App/Subject, Value.Fn::GetStackOutput"
	tests := []struct {
		name, outputs, value string
		want                 []string
	}{
		{"a string", versionOutput, `{"Fn::GetStackOutput":"Edge"}`, []string{place + ": isn't an object"}},
		{"an unknown argument", versionOutput, `{"Fn::GetStackOutput":{"StackName":"Edge","Output":"x"}}`, []string{place + ": has no StackName or no OutputName"}},
		{"a missing output name", versionOutput, `{"Fn::GetStackOutput":{"StackName":"Edge"}}`, []string{place + ": has no StackName or no OutputName"}},
		{"a list", versionOutput, `{"Fn::GetStackOutput":{"StackName":[],"OutputName":"x"}}`, []string{place + ".StackName: is a list"}},
		{"a broken argument", versionOutput, `{"Fn::GetStackOutput":{"StackName":{"Ref":"X"},"OutputName":"x"}}`, []string{place + `.StackName.Ref: refers to "X"`}},
		{"an unknown output", versionOutput, `{"Fn::GetStackOutput":{"StackName":"Edge","Region":"us-east-1","OutputName":"X"}}`, []string{place + `: stack Edge has no output "X"`, "use VersionArn"}},
		{"an output that does not exist", `"VersionArn":{"Value":"x","Condition":"No"}`, getVersion, []string{place + ": output VersionArn of stack Edge doesn't exist, because its condition No"}},
		{"an output under an unknown condition", `"VersionArn":{"Value":"x","Condition":"Nobody"}`, getVersion, []string{`Edge, output VersionArn, Condition: condition "Nobody" isn't defined`}},
		{"an output that cannot be resolved", `"VersionArn":{"Value":{"Ref":"Nobody"}}`, getVersion, []string{`Edge, output VersionArn, Value.Ref: refers to "Nobody"`, "needed by App/Subject, Value"}},
		{"an output that is a list", `"VersionArn":{"Value":["a"]}`, getVersion, []string{"Edge, output VersionArn, Value: is a list, not a string"}},
		{"an output that is no object", `"VersionArn":"x"`, getVersion, []string{"Edge, output VersionArn: is a string, not an object", "needed by App/Subject, Value"}},
		{"an output under a condition that is no name", `"VersionArn":{"Value":"x","Condition":1}`, getVersion, []string{"Edge, output VersionArn, Condition: is a number, not the name"}},
		{"an output without value", `"VersionArn":{}`, getVersion, []string{"output VersionArn, Value: is null"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := pair(t, test.outputs, test.value, nil)
			contains(t, err, test.want...)
		})
	}
}

func TestImportValue_reads_an_export_of_its_region(t *testing.T) {
	const outputs = versionOutput + `,"Other":{"Value":"x","Export":{"Name":{"Ref":"Nobody"}}},"Plain":{"Value":"y"},"Gone":{"Condition":"No","Value":"z","Export":{"Name":"Edge:Version"}}`
	got, err := pair(t, outputs, importVersion, func(_, app *Stack) { app.Region = "us-east-1" })
	if err != nil || got != versionOfEdge {
		t.Errorf("Fn::ImportValue = %v, %v; want %s", got, err, versionOfEdge)
	}
}

func TestImportValue_rejects(t *testing.T) {
	_, err := pair(t, versionOutput, importVersion, nil)
	contains(t, err, `"Edge:Version" is exported by Edge in 111122223333/us-east-1`, "Fn::GetStackOutput")
	same := func(_, app *Stack) { app.Region = "us-east-1" }
	_, err = pair(t, versionOutput, `{"Fn::ImportValue":"Nothing"}`, same)
	contains(t, err, `no stack exports "Nothing" in 111122223333/us-east-1`, "use Edge:Version")
	_, err = pair(t, versionOutput, `{"Fn::ImportValue":["a"]}`, same)
	contains(t, err, "Fn::ImportValue: is a list, not a string")
	_, err = pair(t, `"VersionArn":{"Value":{"Fn::Nope":1},"Export":{"Name":"Edge:Version"}}`, importVersion, same)
	contains(t, err, "Edge, output VersionArn, Value.Fn::Nope", "needed by App/Subject")
}

func TestImportValue_does_not_cross_accounts(t *testing.T) {
	_, err := pair(t, versionOutput, importVersion, func(edge, app *Stack) {
		edge.Account, app.Account, app.Region = "999999999999", "888888888888", "us-east-1"
	})
	contains(t, err, "is exported by Edge in 999999999999/us-east-1")
}

func TestOutputs_are_those_whose_values_are_known(t *testing.T) {
	app := Stack{ID: "App", Region: "eu-west-1", Template: decodeJSON(t, `{
		"Conditions":{"No":{"Fn::Equals":["a","b"]}},
		"Outputs":{
			"Url":{"Value":{"Fn::Sub":"https://${AWS::Region}.example/"}},
			"None":{"Condition":"No","Value":"x"},
			"Unknown":{"Value":{"Ref":"Nothing"}}}}`)}
	got := deploy(t, nil, app).Outputs()
	if len(got) != 1 || got[0] != [2]string{"App.Url", "https://eu-west-1.example/"} {
		t.Errorf("got %v, want the URL only", got)
	}
}

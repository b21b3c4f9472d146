package template

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestNew_rejects(t *testing.T) {
	tests := []struct {
		name   string
		stacks []Stack
		want   string
	}{
		{"two stacks of one ID", []Stack{{ID: "A", Name: "x"}, {ID: "A", Name: "y"}}, "A: stack A has the ID A too"},
		{"two stacks of one name", []Stack{{ID: "A", Name: "x"}, {ID: "B", Name: "x", Region: DefaultRegion}}, "B: stack A has the name x in account 111122223333 and region us-east-1 too"},
		{"a section that is no object", []Stack{{ID: "A", Template: decodeJSON(t, `{"Resources":[]}`)}}, "A, Resources: is a list, not an object"},
		{"a nested stack with such a section", []Stack{{ID: "A", Nested: map[string]*Stack{"N": {Template: decodeJSON(t, `{"Outputs":null}`)}}}}, "A/N, Outputs: is null, not an object"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := newDeployment(nil, test.stacks...)
			contains(t, err, test.want)
		})
	}
}

func TestNew_accepts_a_name_twice_in_different_places(t *testing.T) {
	deploy(t, nil,
		Stack{ID: "A", Name: "Service", Region: "us-east-1"},
		Stack{ID: "B", Name: "Service", Region: "eu-west-1"},
		Stack{ID: "C", Name: "Service", Region: "eu-west-1", Account: "999999999999"})
}

func TestResource_has_the_place_and_environment_of_the_template(t *testing.T) {
	d := deploy(t, nil, Stack{ID: "Prod/Api", Name: "Api", Region: "eu-west-1", Template: decodeJSON(t, `{"Resources":{
		"Logs":{"Type":"AWS::Logs::LogGroup","Metadata":{"aws:cdk:path":"Api/Logs/Resource"},"Condition":"Yes","DependsOn":["Trace"]},
		"Trace":{"Type":"AWS::Logs::LogGroup","DependsOn":"Logs"}},
		"Conditions":{"Yes":{"Fn::Equals":[1,1]}}}`)})
	found, err := d.ResourcesOfType("AWS::Logs::LogGroup")
	if err != nil || len(found) != 2 {
		t.Fatal(found, err)
	}
	logs, trace := found[0], found[1]
	got := []any{logs.Stack, logs.LogicalID, logs.Path, logs.Type, logs.Region, logs.Account, logs.DependsOn, trace.Path, trace.DependsOn}
	want := []any{"Prod/Api", "Logs", "Api/Logs", "AWS::Logs::LogGroup", "eu-west-1", DefaultAccount, []string{"Trace"}, "Prod/Api/Trace", []string{"Logs"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resource (-want +got):\n%s", diff)
	}
	if value, err := logs.Property("Nothing"); err != nil || value != nil {
		t.Errorf("Property = %v, %v", value, err)
	}
}

func TestResource_of_broken_properties_is_an_error(t *testing.T) {
	d := one(t, `{"Resources":{"R":{"Type":"T","Properties":["a"]},"S":"text"}}`)
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	_, err = allProperties(r)
	contains(t, err, "App/R, Properties: is a list, not an object")
	_, err = r.Property("x")
	contains(t, err, "Properties: is a list")
	_, err = d.Resource("App", "S")
	contains(t, err, `resource "S" isn't defined`)
}

func TestResource_unknown_parts_matter_only_when_asked_for(t *testing.T) {
	d := one(t, `{"Resources":{
		"Table":{"Type":"AWS::DynamoDB::Table","Properties":{"Stream":{"Fn::GetAtt":["Table2","StreamArn"]},"Good":"x"}},
		"Table2":{"Type":"AWS::DynamoDB::Table"},
		"Logs":{"Type":"AWS::Logs::LogGroup","Properties":{"RetentionInDays":{"Ref":"AWS::NoValue"},"Name":"x"}}}}`)
	logs, err := d.Resource("App", "Logs")
	if err != nil {
		t.Fatal(err)
	}
	properties, err := allProperties(logs)
	if diff := cmp.Diff(map[string]any{"Name": "x"}, properties); err != nil || diff != "" {
		t.Errorf("properties: %v (-want +got):\n%s", err, diff)
	}
	table, err := d.Resource("App", "Table")
	if err != nil {
		t.Fatal(err)
	}
	if good, err := table.Property("Good"); err != nil || good != "x" {
		t.Errorf("Property = %v, %v", good, err)
	}
	_, err = allProperties(table)
	contains(t, err, `App/Table, Stream.Fn::GetAtt: unknown attribute "StreamArn" of Table2, of type AWS::DynamoDB::Table`, "use Arn, or set it with --value Table2.StreamArn=VALUE")
	var located *fault.Error
	if !errors.As(err, &located) {
		t.Fatalf("error is a %T", err)
	}
	want := []string{"App/Table", "Stream.Fn::GetAtt"}
	if diff := cmp.Diff(want, []string{located.Where, located.Property}); diff != "" {
		t.Errorf("place of the error (-want +got):\n%s", diff)
	}
}

func TestResourcesOfType_are_in_the_order_of_stacks_and_ids(t *testing.T) {
	const template = `{"Conditions":{"No":{"Fn::Equals":[1,2]}},"Resources":{
		"Z":{"Type":"AWS::Logs::LogGroup"},"A":{"Type":"AWS::Logs::LogGroup"},
		"N":{"Type":"AWS::Logs::LogGroup","Condition":"No"},"Other":{"Type":"AWS::KMS::Key"},"Odd":1}}`
	d := deploy(t, nil, Stack{ID: "Second", Template: decodeJSON(t, template)}, Stack{ID: "First", Template: decodeJSON(t, template)})
	found, err := d.ResourcesOfType("AWS::Logs::LogGroup")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range found {
		got = append(got, r.Stack+"."+r.LogicalID)
	}
	if diff := cmp.Diff([]string{"Second.A", "Second.Z", "First.A", "First.Z"}, got); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	if none, err := d.ResourcesOfType("AWS::SNS::Topic"); err != nil || len(none) != 0 {
		t.Errorf("resources of a type that is not there = %v, %v", none, err)
	}
}

func TestLookup_finds_what_has_an_ARN(t *testing.T) {
	d := one(t, `{"Resources":{
		"F":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"f"}},
		"V":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Ref":"F"}}},
		"U":{"Type":"AWS::Lambda::Url","Properties":{"TargetFunctionArn":{"Ref":"Nobody"}}}}}`)
	r, err := d.Lookup("AWS::Lambda::Version", "Ref", "arn:aws:lambda:eu-west-1:111122223333:function:f:1")
	if err != nil || r.LogicalID != "V" {
		t.Errorf("Lookup = %v, %v; want V", r, err)
	}
	_, err = d.Lookup("AWS::Lambda::Function", "Arn", "arn:x")
	contains(t, err, `"arn:x" isn't the Arn of an AWS::Lambda::Function in this assembly`, "use App/F")
	_, err = d.Lookup("AWS::Lambda::Url", "FunctionArn", "arn:x")
	contains(t, err, `App/U, TargetFunctionArn.Ref: refers to "Nobody"`)
}

func TestParameters_are_given_before_their_defaults(t *testing.T) {
	d := deploy(t, nil, Stack{
		ID: "App", Account: "999999999999", Region: "eu-north-1", Parameters: map[string]string{"Level": "debug", "Bare": "x"}, NotificationARNs: []string{"arn:topic"},
		Template: decodeJSON(t, `{"Parameters":{"Level":{"Type":"String","Default":"info"},"Bare":{"Type":"String"}},
			"Resources":{"R":{"Type":"T","Properties":{
				"V":{"Fn::Sub":"${Level} ${Bare} ${AWS::AccountId} ${AWS::Region}"},"N":{"Ref":"AWS::NotificationARNs"},"I":{"Ref":"AWS::StackId"}}}}}`),
	})
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	properties, err := allProperties(r)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"V": "debug x 999999999999 eu-north-1", "N": []any{"arn:topic"},
		"I": "arn:aws:cloudformation:eu-north-1:999999999999:stack/App/" + stackUUID,
	}
	if diff := cmp.Diff(want, properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}

// stackUUID ends the id of the stack App in eu-north-1.
const stackUUID = "e020a49c-34bc-4c28-ae87-57e9995b63d6"

func TestNested_stacks_get_parameters_and_give_outputs(t *testing.T) {
	parent := decodeJSON(t, `{"Conditions":{"No":{"Fn::Equals":[1,2]}},"Resources":{
		"Topic":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":"news"}},
		"Inner":{"Type":"AWS::CloudFormation::Stack","Properties":{
			"TemplateURL":{"Ref":"Nobody"},
			"Parameters":{"TopicArn":{"Ref":"Topic"},"Zones":{"Fn::Split":["+","a+b"]},"Odd":{"a":1},"Unused":{"Fn::Nope":1}}}},
		"Gone":{"Type":"AWS::CloudFormation::Stack","Condition":"No"},
		"Elsewhere":{"Type":"AWS::CloudFormation::Stack"},
		"R":{"Type":"T","Properties":{
			"Arn":{"Fn::GetAtt":["Inner","Outputs.Arn"]},"Id":{"Ref":"Inner"},"Lost":{"Fn::GetAtt":["Inner","Outputs.Lost"]},
			"Attribute":{"Fn::GetAtt":["Inner","Arn"]},"Far":{"Fn::GetAtt":["Elsewhere","Outputs.Arn"]},"FarId":{"Ref":"Elsewhere"}}}}}`)
	inner := decodeJSON(t, `{"Parameters":{"TopicArn":{"Type":"String"},"Zones":{"Type":"CommaDelimitedList"},"Level":{"Type":"String","Default":"info"},"Odd":{"Type":"String"}},
		"Resources":{"Logs":{"Type":"AWS::Logs::LogGroup","Properties":{"Value":{"Fn::Join":["|",[{"Ref":"TopicArn"},{"Fn::Select":[1,{"Ref":"Zones"}]},{"Ref":"Level"},{"Ref":"AWS::Region"}]]},"Odd":{"Ref":"Odd"}}}},
		"Outputs":{"Arn":{"Value":{"Ref":"TopicArn"}}}}`)
	d := deploy(t, nil, Stack{ID: "App", Region: "eu-west-1", Template: parent, Nested: map[string]*Stack{
		"Inner": {Template: inner}, "Gone": {Template: decodeJSON(t, `{"Resources":{"Logs":{"Type":"AWS::Logs::LogGroup"}}}`)},
	}})
	logs, err := d.ResourcesOfType("AWS::Logs::LogGroup")
	if err != nil {
		t.Fatal(err)
	}
	if len(logs) != 1 || logs[0].Stack != "App/Inner" {
		t.Fatalf("log groups = %v, want that of App/Inner only", logs)
	}
	if got, err := logs[0].Property("Value"); err != nil || got != "arn:aws:sns:eu-west-1:111122223333:news|b|info|eu-west-1" {
		t.Errorf("Value = %v, %v", got, err)
	}
	_, err = logs[0].Property("Odd")
	contains(t, err, "App/Inner, parameter Odd: has an object as its value", "needed by App/Inner/Logs")
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Property("Arn"); err != nil || got != "arn:aws:sns:eu-west-1:111122223333:news" {
		t.Errorf("Outputs.Arn = %v, %v", got, err)
	}
	if _, err := r.Property("Id"); err != nil {
		t.Error(err)
	}
	_, err = r.Property("Lost")
	contains(t, err, `stack App/Inner has no output "Lost"`, "use Arn")
	_, err = r.Property("Attribute")
	contains(t, err, `unknown attribute "Arn" of Inner`)
	for _, name := range []string{"Far", "FarId"} {
		_, err = r.Property(name)
		contains(t, err, "the template of nested stack Elsewhere isn't in the assembly")
	}
}

func TestDeployment_can_be_asked_by_many_at_once(t *testing.T) {
	d := one(t, `{`+surroundings+`,"Resources":{`+resources+`}}`)
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			urls, err := d.ResourcesOfType("AWS::Lambda::Url")
			if err != nil || len(urls) != 1 {
				t.Errorf("ResourcesOfType = %v, %v", urls, err)
				return
			}
			if _, err := allProperties(urls[0]); err != nil {
				t.Error(err)
			}
			if _, err := d.Lookup("AWS::Lambda::Function", "Ref", "hello"); err != nil {
				t.Error(err)
			}
			if _, err := d.Resource("App", "Absent"); err == nil {
				t.Error("a resource whose condition does not hold is found")
			}
		})
	}
	group.Wait()
}

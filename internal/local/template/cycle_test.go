package template

import (
	"fmt"
	"strings"
	"testing"
)

func TestCycle_of_resources_is_an_error_that_prints_it(t *testing.T) {
	tests := []struct{ name, resources, want string }{
		{"a resource that refers to itself", `"A":{"Type":"AWS::SNS::Topic","Properties":{"DisplayName":{"Ref":"A"}}}`, "A → A"},
		{"Ref", `"A":{"Type":"T","Properties":{"V":{"Ref":"B"}}},"B":{"Type":"AWS::SNS::Topic","Properties":{"V":{"Ref":"A"}}}`, "A → B → A"},
		{"Fn::GetAtt", `"A":{"Type":"T","Properties":{"V":[{"Fn::GetAtt":["B","X"]}]}},"B":{"Type":"T","Properties":{"V":{"Fn::GetAtt":"A.X"}}}`, "A → B → A"},
		{"Fn::Sub", `"A":{"Type":"T","Properties":{"V":{"Fn::Sub":"${B.Arn}"}}},"B":{"Type":"T","Properties":{"V":{"Fn::Sub":["${x}",{"x":{"Ref":"A"}}]}}}`, "A → B → A"},
		{"DependsOn", `"A":{"Type":"T","DependsOn":"B"},"B":{"Type":"T","DependsOn":["A"]}`, "A → B → A"},
		{"a chain into a cycle", `"A":{"Type":"T","DependsOn":"B"},"B":{"Type":"T","DependsOn":"C"},"C":{"Type":"T","DependsOn":"B"}`, "B → C → B"},
		{"the branch that holds", `"A":{"Type":"T","Properties":{"V":{"Fn::If":["Yes",{"Ref":"B"},1]}}},"B":{"Type":"T","DependsOn":"A"}`, "A → B → A"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := one(t, `{"Conditions":{"Yes":{"Fn::Equals":[1,1]}},"Resources":{`+test.resources+`}}`)
			for range 2 {
				_, err := d.Resource("App", "A")
				contains(t, err, "depend on each other: "+test.want+";")
			}
		})
	}
}

func TestCycle_is_not_seen_where_there_is_none(t *testing.T) {
	tests := []struct{ name, resources string }{
		{"two ways to one resource", `"A":{"Type":"T","DependsOn":["B","C"]},"B":{"Type":"T","DependsOn":"D"},"C":{"Type":"T","DependsOn":"D"},"D":{"Type":"T"}`},
		{"the branch that does not hold", `"A":{"Type":"T","Properties":{"V":{"Fn::If":["Yes",1,{"Ref":"A"}]}}}`},
		{"a variable with the name of a resource", `"A":{"Type":"T","Properties":{"V":{"Fn::Sub":["${A}",{"A":"x"}]}}}`},
		{"an escaped name", `"A":{"Type":"T","Properties":{"V":{"Fn::Sub":"${!A}"}}}`},
		{"a key Ref beside others", `"A":{"Type":"T","Properties":{"V":{"Ref":"A","x":1}}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := one(t, `{"Conditions":{"Yes":{"Fn::Equals":[1,1]}},"Resources":{`+test.resources+`}}`).Resource("App", "A")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Properties(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCycle_elsewhere_does_not_disturb(t *testing.T) {
	d := one(t, `{"Resources":{"A":{"Type":"T"},"B":{"Type":"T","DependsOn":"B"}}}`)
	if _, err := d.Resource("App", "A"); err != nil {
		t.Error(err)
	}
}

func TestCycle_over_stacks_is_an_error_that_prints_it(t *testing.T) {
	const output = `{"Outputs":{"O":{"Value":{"Fn::GetStackOutput":{"StackName":"%s","OutputName":"O"}}}}}`
	d := deploy(t, Options{},
		Stack{ID: "A", Template: decode(t, fmt.Sprintf(output, "B"))},
		Stack{ID: "B", Template: decode(t, fmt.Sprintf(output, "A"))})
	outputs, err := d.Outputs("A")
	if err != nil {
		t.Fatal(err)
	}
	_, err = outputs[0].Value()
	contains(t, err, "needs itself: A.O.Value → B.O.Value → A.O.Value")
}

func TestCycle_of_parameters_in_the_parameter_store_is_an_error(t *testing.T) {
	d := one(t, `{"Resources":{
		"A":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/a","Value":"{{resolve:ssm:/b}}"}},
		"B":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/b","Value":"{{resolve:ssm:/a}}"}}}}`)
	r, err := d.Resource("App", "A")
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Attribute("Value")
	contains(t, err, "needs itself: App.A.Value → App.B.Value → App.A.Value")
}

func TestDepth_is_bounded(t *testing.T) {
	const deep = 9000 // encoding/json gives up at 10000
	value := strings.Repeat(`{"Fn::Base64":`, deep) + `"x"` + strings.Repeat("}", deep)
	_, err := property(t, value)
	contains(t, err, "stack App, resource Subject, ")

	var resources []string
	for i := range 30_000 {
		resources = append(resources, fmt.Sprintf(`"R%05d":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/%d","Value":{"Fn::GetAtt":["R%05d","Value"]}}}`, i, i, i+1))
	}
	resources = append(resources, `"R30000":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/last","Value":"x"}}`)
	r, err := one(t, `{"Resources":{`+strings.Join(resources, ",")+`}}`).Resource("App", "R00000")
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Property("Value")
	contains(t, err, "more than 10000 deep", "needed by")
}

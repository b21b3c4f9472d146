package template

import (
	"fmt"
	"strings"
	"testing"
)

func TestCycle_of_values_is_an_error_that_prints_it(t *testing.T) {
	tests := []struct{ name, resources, want string }{
		{"a resource whose name is its own", `"A":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":{"Ref":"A"}}}`, "App/A, TopicName → App/A, TopicName"},
		{"Ref", `"A":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":{"Ref":"B"}}},"B":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":{"Ref":"A"}}}`, "App/A, TopicName → App/B, TopicName → App/A, TopicName"},
		{"Fn::GetAtt and Fn::Sub", `"A":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Fn::GetAtt":["B","Arn"]}}},"B":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Fn::Sub":"${A.Arn}"}}}`, "App/A, QueueName → App/B, QueueName → App/A, QueueName"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := one(t, `{"Resources":{`+test.resources+`}}`)
			r, err := d.Resource("App", "A")
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				_, err := r.Ref()
				contains(t, err, "depends on itself: "+test.want, "break the cycle")
			}
		})
	}
}

func TestCycle_over_stacks_is_an_error_that_prints_it(t *testing.T) {
	const chained = `{"Outputs":{"O":{"Value":{"Fn::GetStackOutput":{"StackName":"%s","OutputName":"O"}}}}}`
	d := deploy(t, nil,
		Stack{ID: "A", Template: decodeJSON(t, fmt.Sprintf(chained, "B"))},
		Stack{ID: "B", Template: decodeJSON(t, fmt.Sprintf(chained, "A"))})
	_, err := output(d, "A", "O")
	contains(t, err, "depends on itself: A, output O, Value → B, output O, Value → A, output O, Value")
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
	contains(t, err, "depends on itself: App/A, Value → App/B, Value → App/A, Value")
}

func TestDepth_is_bounded(t *testing.T) {
	const deep = 9000 // encoding/json gives up at 10000
	value := strings.Repeat(`{"Fn::Base64":`, deep) + `"x"` + strings.Repeat("}", deep)
	_, err := property(t, value)
	contains(t, err, "App/Subject, ")

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

func TestDepth_of_a_chain_of_stacks_is_bounded(t *testing.T) {
	const stacks = 20_000
	var chain []Stack
	for i := range stacks {
		chain = append(chain, Stack{ID: fmt.Sprintf("S%d", i), Template: map[string]any{"Outputs": map[string]any{"O": map[string]any{
			"Value": map[string]any{"Fn::GetStackOutput": map[string]any{"StackName": fmt.Sprintf("S%d", i+1), "OutputName": "O"}},
		}}}})
	}
	_, err := output(deploy(t, nil, chain...), "S0", "O")
	contains(t, err, "more than 10000 deep", "make the chain shorter")
	if len(err.Error()) > 1000 {
		t.Errorf("got %d bytes, want a sentence", len(err.Error()))
	}
}

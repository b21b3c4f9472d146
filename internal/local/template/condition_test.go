package template

import "testing"

func conditions(conditions string) string {
	return `{"Parameters":{"Stage":{"Type":"String","Default":"prod"},"Count":{"Type":"Number","Default":1}},
		"Mappings":{"M":{"a":{"b":"prod"}}},
		"Resources":{"Thing":{"Type":"AWS::Logs::LogGroup","Condition":"Asked"}},
		"Conditions":{` + conditions + `}}`
}

func TestCondition_holds(t *testing.T) {
	const yes, no = `{"Fn::Equals":["a","a"]}`, `{"Fn::Equals":["a","b"]}`
	tests := []struct {
		name, condition string
		want            bool
	}{
		{"equal strings", yes, true},
		{"strings that differ in case", `{"Fn::Equals":["A","a"]}`, false},
		{"a parameter", `{"Fn::Equals":[{"Ref":"Stage"},"prod"]}`, true},
		{"a number and its text", `{"Fn::Equals":[{"Ref":"Count"},1]}`, true},
		{"a boolean and its text", `{"Fn::Equals":[true,"true"]}`, true},
		{"equal lists", `{"Fn::Equals":[["a",{"Ref":"Stage"}],["a","prod"]]}`, true},
		{"lists of different length", `{"Fn::Equals":[["a"],["a","b"]]}`, false},
		{"equal objects", `{"Fn::Equals":[{"a":{"Ref":"Stage"}},{"a":"prod"}]}`, true},
		{"objects with different keys", `{"Fn::Equals":[{"a":1},{"b":1}]}`, false},
		{"an object and a string", `{"Fn::Equals":[{"a":1},"a"]}`, false},
		{"a string and a list", `{"Fn::Equals":["a",["a"]]}`, false},
		{"a mapping", `{"Fn::Equals":[{"Fn::FindInMap":["M","a","b"]},"prod"]}`, true},
		{"the region", `{"Fn::Equals":[{"Ref":"AWS::Region"},"eu-west-1"]}`, true},
		{"Fn::Not", `{"Fn::Not":[` + no + `]}`, true},
		{"Fn::And of true", `{"Fn::And":[` + yes + `,` + yes + `]}`, true},
		{"Fn::And with a false", `{"Fn::And":[` + yes + `,` + no + `]}`, false},
		{"Fn::Or of false", `{"Fn::Or":[` + no + `,` + no + `]}`, false},
		{"Fn::Or with a true", `{"Fn::Or":[` + no + `,` + yes + `]}`, true},
		{"another condition", `{"Condition":"Other"}`, true},
		{"all of it", `{"Fn::And":[{"Fn::Not":[{"Fn::Or":[` + no + `,` + no + `]}]},{"Condition":"Other"}]}`, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := one(t, conditions(`"Other":`+yes+`,"Asked":`+test.condition))
			found, err := d.ResourcesOfType("AWS::Logs::LogGroup")
			if err != nil {
				t.Fatal(err)
			}
			if got := len(found) == 1; got != test.want {
				t.Errorf("condition holds: %v, want %v", got, test.want)
			}
			_, err = d.Resource("App", "Thing")
			if got := err == nil; got != test.want {
				t.Errorf("Resource gives %v", err)
			}
		})
	}
}

func TestCondition_rejects(t *testing.T) {
	const yes = `{"Fn::Equals":["a","a"]}`
	tests := []struct {
		name, condition string
		want            []string
	}{
		{"a string", `"x"`, []string{"condition Asked: is a string, not a condition"}},
		{"two functions", `{"Fn::Not":[` + yes + `],"Fn::Equals":[1,1]}`, []string{"not a condition"}},
		{"a function of values", `{"Fn::Join":["",[]]}`, []string{"Fn::Join: isn't a function of conditions", "Condition, Fn::And"}},
		{"a resource", `{"Fn::Equals":[{"Ref":"Thing"},"x"]}`, []string{"condition Asked, Fn::Equals[0].Ref: ", "may refer only to parameters", "Count, Stage"}},
		{"an attribute", `{"Fn::Equals":[{"Fn::Sub":"${Thing.Arn}"},"x"]}`, []string{"may refer only to parameters"}},
		{"one value", `{"Fn::Equals":["a"]}`, []string{"has the wrong number of arguments: 1"}},
		{"Fn::And of one", `{"Fn::And":[` + yes + `]}`, []string{"has the wrong number of arguments: 1", "2 to 10"}},
		{"Fn::Not of two", `{"Fn::Not":[` + yes + `,` + yes + `]}`, []string{"has the wrong number of arguments: 2"}},
		{"a broken Fn::Not", `{"Fn::Not":[{"Fn::Or":[` + yes + `]}]}`, []string{"Fn::Not[0].Fn::Or: has the wrong number of arguments: 1"}},
		{"a broken Fn::And", `{"Fn::And":[` + yes + `,"x"]}`, []string{"Fn::And[1]: is a string"}},
		{"an unknown condition", `{"Condition":"Nobody"}`, []string{`condition "Nobody" isn't defined`}},
		{"a condition that is no name", `{"Condition":1}`, []string{"is a number, not the name"}},
		{"itself", `{"Condition":"Asked"}`, []string{"depends on itself: App, condition Asked → App, condition Asked"}},
		{"itself by another", `{"Fn::Not":[{"Condition":"Other"}]}`, []string{"App, condition Asked → App, condition Other → App, condition Asked"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := one(t, conditions(`"Other":{"Condition":"Asked"},"Asked":`+test.condition))
			_, err := d.ResourcesOfType("AWS::Logs::LogGroup")
			contains(t, err, test.want...)
			contains(t, err, "App, condition ")
		})
	}
}

func TestCondition_must_be_a_name(t *testing.T) {
	d := one(t, `{"Resources":{"R":{"Type":"T","Condition":["A"]}}}`)
	_, err := d.Resource("App", "R")
	contains(t, err, "App/R, Condition: is a list, not the name of a condition")
}

package build

import "testing"

func TestMatchFunctionName_knows_a_function_by_each_form_of_its_name(t *testing.T) {
	function := resource(t, `{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"hello"}}`)
	const arn = "arn:aws:lambda:eu-west-1:111122223333:function:hello"
	tests := []struct {
		name, qualifier string
		ok              bool
	}{
		{"hello", "", true},
		{"hello:live", "live", true},
		{"hello:$LATEST", "$LATEST", true},
		{arn, "", true},
		{arn + ":7", "7", true},
		{"111122223333:function:hello", "", true},
		{"111122223333:function:hello:7", "7", true},
		{"444455556666:function:hello", "", false},
		{"arn:aws:lambda:us-east-1:111122223333:function:hello", "", false},
		{"hell", "", false},
		{"hello2", "", false},
		{"hello:a:b", "", false},
		{"", "", false},
	}
	for _, test := range tests {
		qualifier, ok := matchFunctionName(function, test.name)
		if qualifier != test.qualifier || ok != test.ok {
			t.Errorf("%q: got %q, %v, want %q, %v", test.name, qualifier, ok, test.qualifier, test.ok)
		}
	}
}

func TestMatchFunctionName_is_false_for_other_resources(t *testing.T) {
	if _, ok := matchFunctionName(resource(t, `{"Type":"AWS::Lambda::Permission"}`), "hello"); ok {
		t.Error("a permission counts as the function hello")
	}
}

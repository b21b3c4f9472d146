package template

import (
	"encoding/json"
	"strings"
	"testing"
)

// decode reads JSON as the assembly does, with the text of numbers kept.
func decode(t testing.TB, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

func deploy(t testing.TB, options Options, stacks ...Stack) *Deployment {
	t.Helper()
	d, err := New(stacks, options)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// one deploys a single stack App in eu-west-1.
func one(t testing.TB, template string) *Deployment {
	t.Helper()
	return deploy(t, Options{}, Stack{ID: "App", Region: "eu-west-1", Template: decode(t, template)})
}

// surroundings is what values of the tables below may refer to.
const surroundings = `
	"Transform": "AWS::LanguageExtensions",
	"Parameters": {
		"Name": {"Type": "String", "Default": "demo"},
		"Port": {"Type": "Number", "Default": 8080},
		"Zones": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
		"Ports": {"Type": "List<Number>", "Default": "80,443"},
		"Token": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/app/token"},
		"Tokens": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/app/tokens"},
		"TokenName": {"Type": "AWS::SSM::Parameter::Name", "Default": "/app/token"},
		"Bare": {"Type": "String"},
		"Typeless": {"Default": "x"},
		"Odd": "text",
		"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}
	},
	"Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains": [["1"], {"Ref": "BootstrapVersion"}]}]}}]}},
	"Mappings": {"Size": {"eu-west-1": {"Small": "t", "Many": ["x", "y"], "Deep": {"a": 1}}, "Flat": "text"}},
	"Conditions": {
		"Yes": {"Fn::Equals": ["a", "a"]},
		"No": {"Fn::Equals": ["a", "b"]},
		"Broken": {"Fn::Equals": ["a", {"Ref": "Function"}]}
	}`

// resources are those that values of the tables below may refer to.
const resources = `
	"Function": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "hello", "Unknown": {"Fn::Nope": 1}}},
	"Url": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Function", "Arn"]}}},
	"Absent": {"Type": "AWS::Logs::LogGroup", "Condition": "No"},
	"Present": {"Type": "AWS::Logs::LogGroup", "Condition": "Yes", "Properties": {"LogGroupName": "logs"}},
	"Unsure": {"Type": "AWS::Logs::LogGroup", "Condition": "Broken"},
	"Strange": {"Type": "AWS::Braket::Computer"},
	"TokenParameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/app/token", "Type": "String", "Value": "s3cret"}},
	"TokensParameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/app/tokens", "Type": "StringList", "Value": "one,two"}}`

// property resolves the property Value of a resource beside those above.
func property(t testing.TB, value string) (any, error) {
	t.Helper()
	d := one(t, `{`+surroundings+`,"Resources":{`+resources+`,"Subject":{"Type":"AWS::Test::Subject","Properties":{"Value":`+value+`}}}}`)
	r, err := d.Resource("App", "Subject")
	if err != nil {
		t.Fatal(err)
	}
	return r.Property("Value")
}

// contains reports the texts that an error does not say.
func contains(t testing.TB, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error %q does not say %q", err, text)
		}
	}
}

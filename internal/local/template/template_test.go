package template

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// decodeJSON reads JSON as the assembly does, with the text of numbers kept.
func decodeJSON(t testing.TB, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// Stack is what tests deploy.
type Stack = assembly.Stack

func deploy(t testing.TB, values map[string]string, stacks ...Stack) *Deployment {
	t.Helper()
	d, err := newDeployment(values, stacks...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// newDeployment gives nested stacks the IDs that package assembly gives them.
func newDeployment(values map[string]string, stacks ...Stack) (*Deployment, error) {
	var named func(s *Stack)
	named = func(s *Stack) {
		for id, nested := range s.Nested {
			nested.ID = s.ID + "/" + id
			named(nested)
		}
	}
	var given []*assembly.Stack
	for _, s := range stacks {
		named(&s)
		given = append(given, &s)
	}
	return New(given, values)
}

// one deploys a single stack App in eu-west-1.
func one(t testing.TB, template string) *Deployment {
	t.Helper()
	return deploy(t, nil, Stack{ID: "App", Region: "eu-west-1", Template: decodeJSON(t, template)})
}

// Resource returns the resource of a stack that has the logical id.
func (d *Deployment) Resource(stackID, logicalID string) (*Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.stacks {
		if s.ID == stackID {
			found, err := d.subject(s, logicalID)
			if err != nil {
				return nil, fault.At(stackID, err)
			}
			return found.resource(), nil
		}
	}
	return nil, fmt.Errorf("no stack %s", stackID)
}

// Property returns one property, resolved.
func (r *Resource) Property(name string) (any, error) {
	r.subject.d.mu.Lock()
	defer r.subject.d.mu.Unlock()
	return r.subject.property(name)
}

// output returns an output of a stack.
func output(d *Deployment, stackID, name string) (string, error) {
	for _, s := range d.stacks {
		if s.ID == stackID {
			return d.output(s, name)
		}
	}
	return "", fmt.Errorf("no stack %s", stackID)
}

// allProperties resolves every property of a resource.
func allProperties(r *Resource) (map[string]any, error) {
	raw, err := r.subject.rawProperties()
	if err != nil {
		return nil, err
	}
	resolved := make(map[string]any)
	for _, name := range keys(raw) {
		value, err := r.Property(name)
		if err != nil {
			return nil, err
		}
		if value != nil {
			resolved[name] = value
		}
	}
	return resolved, nil
}

// surroundings is what values of the tables below may refer to.
const surroundings = `
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

// contains reports the texts that neither an error nor its hint says.
func contains(t testing.TB, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) && !strings.Contains(fault.HintOf(err), text) {
			t.Errorf("error %q with the hint %q doesn't say %q", err, fault.HintOf(err), text)
		}
	}
}

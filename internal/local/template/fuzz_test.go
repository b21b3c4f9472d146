package template

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// FuzzResolve resolves all of any two templates. Whatever they hold, it must end,
// and every failure must be a fault with a place.
func FuzzResolve(f *testing.F) {
	f.Add(`{`+surroundings+`,"Resources":{`+resources+`}}`, `{"Outputs":{"O":{"Value":{"Fn::GetStackOutput":{"StackName":"A","OutputName":"O"}}}}}`)
	f.Add(`{"Resources":{"A":{"Type":"AWS::SSM::Parameter","Properties":{"Name":{"Ref":"A"},"Value":"{{resolve:ssm:/a}}{{resolve:ssm:"}}}}`, `{"Conditions":{"A":{"Condition":"A"}}}`)
	f.Add(`{"Conditions":{"A":{"Fn::Or":[{"Condition":"B"},{"Fn::Not":[1]}]},"B":{"Condition":"A"}},"Resources":{"R":{"Condition":"A"}}}`, `{"Parameters":{"P":{"Type":"AWS::SSM::Parameter::Value<List<","Default":[]}},"Outputs":{"O":{"Value":{"Ref":"P"},"Condition":1,"Export":{"Name":null}}}}`)
	f.Add(`{"Outputs":{"O":{"Value":{"Fn::ImportValue":"x"},"Export":{"Name":{"Fn::ImportValue":"y"}}}}}`, `{"Outputs":{"O":{"Value":{"Fn::GetStackOutput":{"StackName":"A","OutputName":"O"}},"Export":{"Name":"x"}}}}`)
	f.Add(`{"Resources":{"W":{"Type":"Custom::CrossRegionExportWriter","Properties":{"WriterProps":{"region":{"Ref":"AWS::Region"},"exports":{"a":"{{resolve:ssm:a}}"}}}},"R":{"Type":"Custom::CrossRegionExportReader","Properties":{"ReaderProps":{"imports":{"a":"{{resolve:ssm:a}}"}},"V":{"Fn::GetAtt":["R","a"]}}}}}`, `{"Mappings":{"M":[]},"Resources":{"R":{"Properties":{"V":{"Fn::FindInMap":["M",{},"c"]}}}}}`)
	f.Add(`{"Resources":{"R":{"Type":"T","Properties":{"V":{"Fn::Sub":["${","${!}",{"":1}]},"W":{"Fn::Sub":"${.}${a.}${.b}${AWS::}${}"}}}}}`, strings.Repeat(`{"a":`, 50)+`1`+strings.Repeat("}", 50))
	f.Fuzz(func(t *testing.T, first, second string) {
		d, err := newDeployment(nil,
			Stack{ID: "A", Region: "us-east-1", Template: object(first), Nested: map[string]*Stack{"N": {Template: object(second)}}},
			Stack{ID: "B", Template: object(second)})
		if err != nil {
			located(t, err)
			return
		}
		for _, s := range d.stacks {
			for id, raw := range s.resources {
				resolveAll(t, d, s.ID, id)
				if resource, ok := raw.(map[string]any); ok {
					resourceType, _ := resource["Type"].(string)
					_, err := d.ResourcesOfType(resourceType)
					located(t, err)
					_, err = d.Lookup(resourceType, "Ref", "x")
					located(t, fault.At("caller", err))
				}
			}
			for name := range s.outputs {
				_, err := d.output(s, name)
				located(t, fault.At("caller", err))
				_, err = d.exportName(s, name)
				located(t, err)
			}
		}
	})
}

func resolveAll(t *testing.T, d *Deployment, stackID, id string) {
	r, err := d.Resource(stackID, id)
	located(t, err)
	if err != nil {
		return
	}
	properties, err := allProperties(r)
	located(t, err)
	if err == nil {
		if _, err := json.Marshal(properties); err != nil {
			t.Errorf("properties cannot be written as JSON: %v", err)
		}
	}
	for _, attribute := range []string{"Ref", "Arn", "FunctionArn", "Version", "Id", "Outputs.O", "a"} {
		_, err := r.Attribute(attribute)
		located(t, err)
	}
	if len(d.memo.trail) != 0 {
		t.Errorf("%d values are left behind", len(d.memo.trail))
	}
}

func located(t *testing.T, err error) {
	t.Helper()
	var e *fault.Error
	switch {
	case err == nil:
	case !errors.As(err, &e):
		t.Errorf("error is a %T: %v", err, err)
	case e.Where == "" || e.Problem == "":
		t.Errorf("error has no place or problem: %#v", e)
	}
}

func object(text string) map[string]any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value map[string]any
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

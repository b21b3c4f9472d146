package build

import (
	"fmt"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// sampleProperties have one property of each kind, and one of each shape.
type sampleProperties struct {
	Name    string
	Size    int
	Ratio   float64
	On      bool
	Maybe   *bool
	List    []string
	Entries []struct {
		Value  string
		Closed notPlayed
		Later  leftOut
	}
	Inner *struct {
		Open   notPlayed
		Closed leftOut
	}

	Refused notPlayed
	Skipped leftOut
	Ignored noEffect
}

func decodeSample(t *testing.T, properties string) (sampleProperties, *logtest.Log, error) {
	t.Helper()
	log, written := logtest.New()
	var p sampleProperties
	err := decodeProperties(resource(t, `{"Type":"AWS::Test::Sample","Properties":`+properties+`,"Metadata":{"aws:cdk:path":"App/Sample/Resource"}}`), &p, log)
	return p, written, err
}

func TestDecodeProperties_takes_text_for_other_types_as_CloudFormation_does(t *testing.T) {
	p, log, err := decodeSample(t, `{"Name":30,"Size":"30","Ratio":"0.5","On":"true","Maybe":"false","List":["a","b"],"Ignored":{"Any":1}}`)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "30" || p.Size != 30 || p.Ratio != 0.5 || !p.On || p.Maybe == nil || *p.Maybe || fmt.Sprint(p.List) != "[a b]" {
		t.Errorf("got %+v", p)
	}
	if log.String() != "" {
		t.Errorf("a template with nothing left out is logged: %s", log)
	}
}

func TestDecodeProperties_takes_one_value_for_a_list(t *testing.T) {
	p, _, err := decodeSample(t, `{"List":"a"}`)
	if err != nil || fmt.Sprint(p.List) != "[a]" {
		t.Errorf("got %v: %v", p.List, err)
	}
}

func TestDecodeProperties_names_what_it_refuses(t *testing.T) {
	tests := map[string]string{
		`{"Colour":"red","Beside":1}`:                           "does not know the property Beside, Colour",
		`{"name":"x"}`:                                          "does not know the property name",
		`{"Inner":{"Other":1}}`:                                 "does not know the property Inner.Other",
		`{"Entries":[{"Value":"a"},{"Other":1}]}`:               "does not know the property Entries[1].Other",
		`{"Refused":true}`:                                      "does not play Refused",
		`{"Refused":"","Inner":{"Open":[]}}`:                    "does not play Inner.Open, Refused",
		`{"Entries":[{"Closed":1},{"Value":"b"},{"Closed":2}]}`: "does not play Entries[0].Closed, Entries[2].Closed",
		`{"Size":"many"}`:                                       `Size is "many": give a value of type int`,
		`{"Inner":"text"}`:                                      "Inner: expected a map",
		`{"Size":"many","On":"perhaps"}`:                        `Size is "many": give a value of type int; On is "perhaps": give a value of type bool`,
	}
	for properties, want := range tests {
		_, _, err := decodeSample(t, properties)
		wantError(t, err, want, "stack App: AWS::Test::Sample R:")
	}
}

func TestDecodeProperties_logs_what_it_leaves_out(t *testing.T) {
	_, log, err := decodeSample(t, `{"Skipped":"x","Inner":{"Closed":1},"Entries":[{"Later":1}]}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Skipped", "Inner.Closed", "Entries[0].Later"} {
		log.Want(t, "level=WARN", "App/Sample: the local edge leaves out "+name, "cause=", "cure=")
	}
}

func TestDecodeProperties_names_what_it_cannot_resolve(t *testing.T) {
	_, _, err := decodeSample(t, `{"Name":{"Fn::GetAtt":["Nobody","Arn"]}}`)
	wantError(t, err, "Nobody", "Name")
}

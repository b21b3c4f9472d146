package template

import (
	"errors"
	"fmt"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
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
		Closed Unsupported
		Later  LeftOut
	}
	Inner *struct {
		Open   Unsupported
		Closed LeftOut
		Vain   NoEffect
	}

	Refused Unsupported
	Skipped LeftOut
	Ignored NoEffect
}

// decodeSample decodes a resource with the properties.
func decodeSample(t *testing.T, properties string) (sampleProperties, *logtest.Log, error) {
	t.Helper()
	d := one(t, `{`+surroundings+`,"Resources":{"R":{"Type":"AWS::Test::Sample","Properties":`+properties+`,"Metadata":{"aws:cdk:path":"App/Sample/Resource"}}}}`)
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	log, written := logtest.New()
	var p sampleProperties
	err = r.Decode(&p, log)
	return p, written, err
}

func TestDecode_converts_text_to_other_types_as_CloudFormation_does(t *testing.T) {
	p, log, err := decodeSample(t, `{"Name":30,"Size":"30","Ratio":"0.5","On":"true","Maybe":"false","List":["a","b"],"Ignored":{"Any":1}}`)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "30" || p.Size != 30 || p.Ratio != 0.5 || !p.On || p.Maybe == nil || *p.Maybe || fmt.Sprint(p.List) != "[a b]" || !bool(p.Ignored) {
		t.Errorf("got %+v", p)
	}
	if log.String() != "" {
		t.Errorf("a template with nothing left out is logged: %s", log)
	}
}

func TestDecode_makes_a_list_of_one_value(t *testing.T) {
	p, _, err := decodeSample(t, `{"List":"a"}`)
	if err != nil || fmt.Sprint(p.List) != "[a]" {
		t.Errorf("got %v: %v", p.List, err)
	}
}

func TestDecode_names_construct_and_property(t *testing.T) {
	tests := []struct{ properties, want, hint string }{
		{`{"Color":"red","Beside":1}`, "Beside: isn't a known property of AWS::Test::Sample (and Color)", "correct the name, or test it on AWS if it is right"},
		{`{"name":"x"}`, "name: isn't a known property of AWS::Test::Sample", "correct the name"},
		{`{"Inner":{"Other":1}}`, "Inner.Other: isn't a known property", "correct the name"},
		{`{"Entries":[{"Value":"a"},{"Other":1}]}`, "Entries[1].Other: isn't a known property", "correct the name"},
		{`{"Refused":true}`, "Refused: isn't supported locally", "synthesize without it"},
		{`{"Refused":"","Inner":{"Open":[1]}}`, "Inner.Open: isn't supported locally (and Refused)", "synthesize without it"},
		{`{"Entries":[{"Closed":1},{"Value":"b"},{"Closed":2}]}`, "Entries[0].Closed: isn't supported locally (and Entries[2].Closed)", "synthesize without it"},
		{`{"Refused":1,"Name":{"Ref":"Nobody"}}`, "Refused: isn't supported locally", "synthesize without it"},
		{`{"Size":"many"}`, `Size: is "many", not a whole number`, "use a whole number"},
		{`{"Size":256.5}`, `Size: is "256.5", not a whole number`, "use a whole number"},
		{`{"Ratio":"half"}`, `Ratio: is "half", not a number`, "use a number"},
		{`{"Name":["a"]}`, "Name: is a list, not a string", "use a string"},
		{`{"Inner":"text"}`, "Inner: isn't an object", "use an object"},
		{`{"Size":"many","On":"perhaps"}`, `On: is "perhaps", not true or false (and Size)`, "use true or false"},
		{`{"Entries":[{"Value":{}},{"Value":{"Ref":"Nobody"}}]}`, `Entries[1].Value.Ref: refers to "Nobody"`, "use one of"},
		{`{"Inner":{"Fn::If":["Yes",{"Other":1},1]}}`, "Inner.Fn::If[1].Other: isn't a known property", "correct the name"},
		{`{"Inner":{"Fn::If":["Nobody",{"Other":1},1]}}`, `Inner.Fn::If[0]: condition "Nobody" isn't defined`, "use one of"},
		{`{"Name":{"Fn::GetAtt":["Nobody","Arn"]}}`, `Name.Fn::GetAtt: refers to "Nobody"`, "use one of"},
	}
	for _, test := range tests {
		_, _, err := decodeSample(t, test.properties)
		contains(t, err, "App/Sample, "+test.want, test.hint)
		if located := new(fault.Error); !errors.As(err, &located) || located.Where != "App/Sample" {
			t.Errorf("got %#v, want a fault at App/Sample", err)
		}
	}
	_, _, err := decodeSample(t, `{"Refused":true}`)
	if !errors.Is(err, ErrUnsupported) {
		t.Errorf("%v doesn't unwrap to ErrUnsupported", err)
	}
}

func TestDecode_never_resolves_what_it_ignores(t *testing.T) {
	const unknown = `{"Fn::GetAtt":["Nobody","Arn"]}`
	p, log, err := decodeSample(t, `{"Ignored":`+unknown+`,"Skipped":[`+unknown+`],
		"Inner":{"Fn::If":["No",`+unknown+`,{"Vain":`+unknown+`,"Open":{"Ref":"AWS::NoValue"}}]},
		"Entries":[{"Fn::If":["Yes",{"Value":"a","Later":`+unknown+`},1]},{"Fn::If":["Yes",{"Ref":"AWS::NoValue"},`+unknown+`]}],
		"Refused":{"Fn::If":["No",`+unknown+`,{"Ref":"AWS::NoValue"}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	if !bool(p.Ignored) || !bool(p.Skipped) || bool(p.Refused) || p.Inner == nil || !bool(p.Inner.Vain) || bool(p.Inner.Open) || len(p.Entries) != 1 || !bool(p.Entries[0].Later) {
		t.Errorf("got %+v", p)
	}
	log.Want(t, "App/Sample is served without Skipped")
	if _, _, err := decodeSample(t, `{"Ignored":{"Fn::If":["Nobody",1,2]}}`); err != nil {
		t.Errorf("the condition of an ignored property is resolved: %v", err)
	}
}

func TestDecode_resolves_lazy_properties_when_they_are_asked_for(t *testing.T) {
	d := one(t, `{"Resources":{"R":{"Type":"T","Properties":{"Statement":{"Good":["a",{"Ref":"AWS::Region"}],"Bad":{"Ref":"Nobody"},"None":{"Ref":"AWS::NoValue"}}}}}}`)
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Statement []struct {
			Good               Lazy
			Bad, None, Unnamed interface{ Value() (any, error) }
			Absent             Lazy
		}
	}
	log, _ := logtest.New()
	if err := r.Decode(&p, log); err != nil || len(p.Statement) != 1 {
		t.Fatal(p, err)
	}
	if got, err := p.Statement[0].Good.Value(); err != nil || fmt.Sprint(got) != "[a eu-west-1]" {
		t.Errorf("got %v, %v", got, err)
	}
	if p.Statement[0].Unnamed != nil {
		t.Errorf("got %v, want nil in an interface", p.Statement[0].Unnamed)
	}
	for _, empty := range []interface{ Value() (any, error) }{p.Statement[0].None, p.Statement[0].Absent} {
		if got, err := empty.Value(); err != nil || got != nil {
			t.Errorf("got %v, %v, want nothing", got, err)
		}
	}
	_, err = p.Statement[0].Bad.Value()
	contains(t, err, `App/R, Statement[0].Bad.Ref: refers to "Nobody"`)
}

func TestDecode_treats_empty_lists_and_objects_as_absent(t *testing.T) {
	if _, _, err := decodeSample(t, `{"Refused":[],"Inner":{"Open":{}}}`); err != nil {
		t.Error(err)
	}
}

func TestDecode_logs_what_it_leaves_out(t *testing.T) {
	_, log, err := decodeSample(t, `{"Skipped":"x","Inner":{"Closed":1},"Entries":[{"Later":1}]}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Skipped", "Inner.Closed", "Entries[0].Later"} {
		log.Want(t, "level=WARN", "App/Sample is served without "+name, "cause=", "hint=")
	}
}

package template

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestResolve_gives(t *testing.T) {
	const number = json.Number("7")
	tests := []struct {
		name, value string
		want        any
	}{
		{"plain values", `{"a":[1.50,true,"x"],"b":{}}`, map[string]any{"a": []any{json.Number("1.50"), true, "x"}, "b": map[string]any{}}},
		{"an object with a key Ref beside others", `{"Ref":"x","y":"z"}`, map[string]any{"Ref": "x", "y": "z"}},
		{"an object with a key Condition", `{"Condition":{"StringEquals":{"a":"b"}}}`, map[string]any{"Condition": map[string]any{"StringEquals": map[string]any{"a": "b"}}}},

		{"Ref of a parameter", `{"Ref":"Name"}`, "demo"},
		{"Ref of a number", `{"Ref":"Port"}`, "8080"},
		{"Ref of a comma-delimited list", `{"Ref":"Zones"}`, []any{"a", "b", "c"}},
		{"Ref of a list of numbers", `{"Ref":"Ports"}`, []any{"80", "443"}},
		{"Ref of an SSM parameter", `{"Ref":"Token"}`, "s3cret"},
		{"Ref of an SSM list", `{"Ref":"Tokens"}`, []any{"one", "two"}},
		{"Ref of an SSM parameter's name", `{"Ref":"TokenName"}`, "/app/token"},
		{"Ref of a resource", `{"Ref":"Function"}`, "hello"},
		{"Ref of a resource under a condition that holds", `{"Ref":"Present"}`, "logs"},
		{"AWS::Region", `{"Ref":"AWS::Region"}`, "eu-west-1"},
		{"AWS::AccountId", `{"Ref":"AWS::AccountId"}`, "111122223333"},
		{"AWS::Partition", `{"Ref":"AWS::Partition"}`, "aws"},
		{"AWS::URLSuffix", `{"Ref":"AWS::URLSuffix"}`, "amazonaws.com"},
		{"AWS::StackName", `{"Ref":"AWS::StackName"}`, "App"},
		{"AWS::NotificationARNs", `{"Ref":"AWS::NotificationARNs"}`, []any{}},
		{"AWS::NoValue in an object", `{"a":{"Ref":"AWS::NoValue"},"b":1}`, map[string]any{"b": json.Number("1")}},
		{"AWS::NoValue in a list", `["x",{"Ref":"AWS::NoValue"},"y"]`, []any{"x", "y"}},
		{"AWS::NoValue as the property", `{"Ref":"AWS::NoValue"}`, nil},

		{"Fn::GetAtt as a list", `{"Fn::GetAtt":["Function","Arn"]}`, "arn:aws:lambda:eu-west-1:111122223333:function:hello"},
		{"Fn::GetAtt with a dot", `{"Fn::GetAtt":"Function.Arn"}`, "arn:aws:lambda:eu-west-1:111122223333:function:hello"},
		{"Fn::GetAtt whose attribute is a Ref", `{"Fn::GetAtt":["TokenParameter",{"Fn::Join":["",["Val","ue"]]}]}`, "s3cret"},

		{"Fn::Join", `{"Fn::Join":["-",["a",1,true,{"Ref":"Name"}]]}`, "a-1-true-demo"},
		{"Fn::Join of a parameter list", `{"Fn::Join":["+",{"Ref":"Zones"}]}`, "a+b+c"},
		{"Fn::Join leaves AWS::NoValue out", `{"Fn::Join":["-",["a",{"Ref":"AWS::NoValue"},"b"]]}`, "a-b"},
		{"Fn::Join of nothing", `{"Fn::Join":["-",[]]}`, ""},
		{"Fn::Select", `{"Fn::Select":[1,["a","b"]]}`, "b"},
		{"Fn::Select with a string index", `{"Fn::Select":["0",["a","b"]]}`, "a"},
		{"Fn::Split", `{"Fn::Split":["/","a//b"]}`, []any{"a", "", "b"}},
		{"the domain of an origin", `{"Fn::Select":[2,{"Fn::Split":["/",{"Fn::GetAtt":["Url","FunctionUrl"]}]}]}`, urlHost},
		{"Fn::Base64", `{"Fn::Base64":{"Ref":"Name"}}`, "ZGVtbw=="},

		{"Fn::Sub", `{"Fn::Sub":"${Name}:${AWS::Region}:${Function.Arn}"}`, "demo:eu-west-1:arn:aws:lambda:eu-west-1:111122223333:function:hello"},
		{"Fn::Sub with variables", `{"Fn::Sub":["${Name}-${Other}",{"Name":"mine","Other":{"Ref":"Port"}}]}`, "mine-8080"},
		{"Fn::Sub with a literal", `{"Fn::Sub":"${!Name} $ { ${} ${Name"}`, "${Name} $ { ${} ${Name"},
		{"Fn::Sub without placeholders", `{"Fn::Sub":""}`, ""},

		{"Fn::If that holds", `{"Fn::If":["Yes",{"a":{"Ref":"Name"}},{"Fn::Nope":1}]}`, map[string]any{"a": "demo"}},
		{"Fn::If that does not", `{"Fn::If":["No",{"Fn::Nope":1},["x"]]}`, []any{"x"}},
		{"Fn::If in Fn::If", `{"Fn::If":["Yes",{"Fn::If":["No",1,7]},1]}`, number},
		{"Fn::If with AWS::NoValue", `{"a":{"Fn::If":["Yes",{"Ref":"AWS::NoValue"},1]}}`, map[string]any{}},

		{"Fn::FindInMap", `{"Fn::FindInMap":["Size",{"Ref":"AWS::Region"},"Small"]}`, "t"},
		{"Fn::FindInMap of a list", `{"Fn::FindInMap":["Size","eu-west-1","Many"]}`, []any{"x", "y"}},
		{"Fn::FindInMap with a default not needed", `{"Fn::FindInMap":["Size","eu-west-1","Small",{"DefaultValue":"d"}]}`, "t"},
		{"Fn::FindInMap with a default for a key", `{"Fn::FindInMap":["Size","us-east-1","Small",{"DefaultValue":{"Ref":"Name"}}]}`, "demo"},
		{"Fn::FindInMap with a default for a map", `{"Fn::FindInMap":["None","us-east-1","Small",{"DefaultValue":["d"]}]}`, []any{"d"}},

		{"Fn::ToJsonString", `{"Fn::ToJsonString":{"b":["<",{"Ref":"Name"}],"a":1,"c":{"Ref":"AWS::NoValue"}}}`, `{"a":1,"b":["<","demo"]}`},

		{"a dynamic reference", `"a {{resolve:ssm:/app/token}} b {{resolve:ssm:/app/token:3}}"`, "a s3cret b s3cret"},
		{"a dynamic reference made by a function", `{"Fn::Join":["",["{{resolve:ssm:","/app/token","}}"]]}`, "s3cret"},
		{"a dynamic reference as text of a function", `{"Fn::Select":[1,{"Fn::Split":[":","{{resolve:ssm:/app/token}}"]}]}`, "ssm"},
		{"dynamic references in a list of a function", `{"Fn::Split":[",","x,{{resolve:ssm:/app/token}},y"]}`, []any{"x", "s3cret", "y"}},
		{"a dynamic reference in a branch", `{"Fn::If":["Yes",{"a":"{{resolve:ssm:/app/token}}"},1]}`, map[string]any{"a": "s3cret"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := property(t, test.value)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("value (-want +got):\n%s", diff)
			}
		})
	}
}

// urlHost is the domain of Url of App in eu-west-1: 32 lower-case letters and
// digits before the region. It must not change from one version to the next, as
// people keep it in their files.
const urlHost = "82m9clehluf7eiqwo8w0fr9onve88qik.lambda-url.eu-west-1.on.aws"

func TestResolve_rejects(t *testing.T) {
	const at = "App/Subject, Value"
	tests := []struct {
		name, value string
		want        []string
	}{
		{"an unknown function", `{"Fn::Nope":1}`, []string{at + ".Fn::Nope: isn't a supported function", "Fn::GetAtt", "Ref"}},
		{"Fn::Transform", `{"Fn::Transform":{"Name":"AWS::Include"}}`, []string{at + ".Fn::Transform: "}},
		{"Fn::Cidr", `{"Fn::Cidr":["10.0.0.0/16",2,8]}`, []string{at + ".Fn::Cidr: "}},
		{"a function beside other keys", `{"a":[{"Fn::Sub":"x","b":1}]}`, []string{at + ".a[0]: has Fn::Sub beside other keys"}},
		{"a condition function", `{"Fn::Equals":["a","a"]}`, []string{at + ".Fn::Equals: is allowed only in Conditions", "Fn::If"}},
		{"null", `{"a":[null]}`, []string{at + ".a[0]: is null", "AWS::NoValue"}},

		{"Ref of nothing", `{"Ref":"Nobody"}`, []string{at + `.Ref: refers to "Nobody"`, "Function", "Name"}},
		{"Ref of a number", `{"Ref":1}`, []string{at + ".Ref: is a number"}},
		{"Ref of an unknown pseudo parameter", `{"Ref":"AWS::Planet"}`, []string{`"AWS::Planet"`, "AWS::Partition"}},
		{"Ref of a parameter without value", `{"Ref":"Bare"}`, []string{"App, parameter Bare: has no default and no value", "needed by " + at}},
		{"Ref of a parameter without type", `{"Ref":"Typeless"}`, []string{"parameter Typeless, Type: is null"}},
		{"Ref of a parameter that is no object", `{"Ref":"Odd"}`, []string{"parameter Odd: is a string, not an object"}},
		{"Ref of a parameter whose SSM parameter is elsewhere", `{"Ref":"BootstrapVersion"}`, []string{`"/cdk-bootstrap/hnb659fds/version" in region eu-west-1`, "/app/token, /app/tokens"}},
		{"Ref of a resource that does not exist", `{"Ref":"Absent"}`, []string{at + ".Ref: resource Absent doesn't exist, because its condition No doesn't hold"}},
		{"Ref of a resource under a broken condition", `{"Ref":"Unsure"}`, []string{"condition Broken", "Conditions may refer only to parameters", "needed by App/Unsure, Condition"}},
		{"Ref of an unknown type", `{"Ref":"Strange"}`, []string{"needs Ref of Strange, of the unsupported type AWS::Braket::Computer", "--value Strange.Ref=VALUE"}},

		{"Fn::GetAtt of an unknown attribute", `{"Fn::GetAtt":["Url","Color"]}`, []string{at + `.Fn::GetAtt: unknown attribute "Color" of Url, of type AWS::Lambda::Url`, "FunctionArn, FunctionUrl"}},
		{"Fn::GetAtt of a type without attributes", `{"Fn::GetAtt":["Function","Nope.Deep"]}`, []string{`"Nope.Deep"`}},
		{"Fn::GetAtt of an unknown type", `{"Fn::GetAtt":["Strange","Arn"]}`, []string{"needs Arn of Strange"}},
		{"Fn::GetAtt without attribute", `{"Fn::GetAtt":"Function"}`, []string{`is "Function"`, "logical id"}},
		{"Fn::GetAtt of one argument", `{"Fn::GetAtt":["Function"]}`, []string{"has the wrong number of arguments: 1"}},
		{"Fn::GetAtt of a number", `{"Fn::GetAtt":[1,"Arn"]}`, []string{"Fn::GetAtt[0]: is a number"}},
		{"Fn::GetAtt of a list as attribute", `{"Fn::GetAtt":["Function",[]]}`, []string{"Fn::GetAtt[1]: is a list"}},
		{"Fn::GetAtt of an object", `{"Fn::GetAtt":{}}`, []string{"is an object, not a list"}},

		{"Fn::Join of a string", `{"Fn::Join":["-","abc"]}`, []string{"Fn::Join[1]: is a string, not a list"}},
		{"Fn::Join of objects", `{"Fn::Join":["-",["a",{}]]}`, []string{"Fn::Join[1][1]: is an object"}},
		{"Fn::Join with a delimiter that is a call", `{"Fn::Join":[{"Ref":"Name"},[]]}`, []string{"Fn::Join[0]: is an object"}},
		{"Fn::Join without values", `{"Fn::Join":["-"]}`, []string{"has the wrong number of arguments: 1"}},
		{"Fn::Join with a broken value", `{"Fn::Join":["-",["a",{"Ref":"Nobody"}]]}`, []string{at + `.Fn::Join[1][1].Ref: refers to "Nobody"`}},
		{"Fn::Select out of range", `{"Fn::Select":[2,["a","b"]]}`, []string{"Fn::Select[0]: index 2 is out of range: the list has length 2"}},
		{"Fn::Select below zero", `{"Fn::Select":[-1,["a"]]}`, []string{"index -1"}},
		{"Fn::Select by name", `{"Fn::Select":["x",["a"]]}`, []string{`is "x", not an index`}},
		{"Fn::Select from a string", `{"Fn::Select":[0,"a"]}`, []string{"Fn::Select[1]: is a string, not a list"}},
		{"Fn::Split without delimiter", `{"Fn::Split":["","a"]}`, []string{"Fn::Split[0]: isn't a delimiter"}},
		{"Fn::Split of a list", `{"Fn::Split":["/",["a"]]}`, []string{"Fn::Split[1]: is a list, not a string"}},
		{"Fn::Base64 of a list", `{"Fn::Base64":[]}`, []string{"Fn::Base64: is a list, not a string"}},

		{"Fn::Sub of an unknown name", `{"Fn::Sub":"${Nobody}"}`, []string{"Fn::Sub.${Nobody}: refers to"}},
		{"Fn::Sub of an unknown attribute", `{"Fn::Sub":"${Url.Color}"}`, []string{`${Url.Color}: unknown attribute "Color" of Url`}},
		{"Fn::Sub of a list", `{"Fn::Sub":"${Zones}"}`, []string{"${Zones}: is a list, not a string"}},
		{"Fn::Sub with a variable that is an object", `{"Fn::Sub":["${a}",{"a":{}}]}`, []string{"Fn::Sub[1].a: is an object"}},
		{"Fn::Sub of a number", `{"Fn::Sub":1}`, []string{"is a number"}},
		{"Fn::Sub with a text that is a call", `{"Fn::Sub":[{"Ref":"Name"},{}]}`, []string{"Fn::Sub[0]: is an object, not a string"}},
		{"Fn::Sub with a list of variables", `{"Fn::Sub":["x",[]]}`, []string{"Fn::Sub[1]: is a list, not an object"}},

		{"Fn::If of an unknown condition", `{"Fn::If":["Maybe",1,2]}`, []string{`Fn::If[0]: condition "Maybe" isn't defined`, "Broken, No, Yes"}},
		{"Fn::If of a condition written out", `{"Fn::If":[{"Fn::Equals":["a","a"]},1,2]}`, []string{"Fn::If[0]: is an object, not the name of a condition"}},
		{"Fn::If with two arguments", `{"Fn::If":["Yes",1]}`, []string{"has the wrong number of arguments: 2"}},
		{"Fn::If with a broken branch", `{"Fn::If":["Yes",{"a":{"Ref":"Nobody"}},2]}`, []string{at + ".Fn::If[1].a.Ref: "}},

		{"Fn::FindInMap of an unknown map", `{"Fn::FindInMap":["None","a","b"]}`, []string{`Fn::FindInMap[0]: "None" isn't in Mappings`, "Size"}},
		{"Fn::FindInMap of an unknown key", `{"Fn::FindInMap":["Size","us-east-1","Small"]}`, []string{`Fn::FindInMap[1]: "us-east-1" isn't in Mappings`, "Flat, eu-west-1"}},
		{"Fn::FindInMap of an unknown second key", `{"Fn::FindInMap":["Size","eu-west-1","Huge"]}`, []string{`Fn::FindInMap[2]: "Huge" isn't in Mappings`}},
		{"Fn::FindInMap of a map that is flat", `{"Fn::FindInMap":["Size","Flat","x"]}`, []string{`Fn::FindInMap[1]: is a string at "Flat"`}},
		{"Fn::FindInMap of a map that is deeper", `{"Fn::FindInMap":["Size","eu-west-1","Deep"]}`, []string{"is an object in Mappings"}},
		{"Fn::FindInMap with a default of another form", `{"Fn::FindInMap":["Size","a","b","c"]}`, []string{`Fn::FindInMap[3]: isn't of the form {"DefaultValue": value}`}},

		{"Fn::ToJsonString of a string", `{"Fn::ToJsonString":"x"}`, []string{"is a string, not an object or list"}},

		{"a dynamic reference to nothing", `"{{resolve:ssm:/nobody}}"`, []string{at + `: no stack defines the SSM parameter "/nobody" in region eu-west-1`, "/app/token"}},
		{"a dynamic reference to a secret", `"{{resolve:secretsmanager:Db:SecretString:password}}"`, []string{at + ": refers to {{resolve:secretsmanager:Db:SecretString:password}}"}},
		{"a dynamic reference without }}", `"{{resolve:ssm:/app/token"`, []string{"without }}"}},
		{"a dynamic reference in a list of a function", `{"Fn::Split":[",","x,{{resolve:ssm:/nobody}}"]}`, []string{"Fn::Split[1]: no stack defines"}},

		{"a string that grows without bound", `{"Fn::Base64":{"Fn::Base64":{"Fn::Join":["",["` + longText(maxText/3*2) + `"]]}}}`, []string{"Fn::Base64: gives a string of more than 1048576 bytes"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := property(t, test.value)
			contains(t, err, test.want...)
		})
	}
}

func longText(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = 'x'
	}
	return string(text)
}

func TestResolve_gives_the_same_error_every_time(t *testing.T) {
	const value = `{"b":{"Ref":"Second"},"a":{"Ref":"First"},"c":{"Ref":"Third"}}`
	for range 20 {
		_, err := property(t, value)
		contains(t, err, `App/Subject, Value.a.Ref: refers to "First"`)
	}
}

func TestResolve_never_writes_to_the_template(t *testing.T) {
	text := `{` + surroundings + `,"Resources":{` + resources + `,"S":{"Type":"T","Properties":{"V":{"Fn::Split":[",","x,{{resolve:ssm:/app/token}}"]},"W":{"Fn::FindInMap":["Size","eu-west-1","Many"]}}}}}`
	given := decodeJSON(t, text)
	d := deploy(t, nil, Stack{ID: "App", Region: "eu-west-1", Template: given})
	r, err := d.Resource("App", "S")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := allProperties(r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decodeJSON(t, text), given); diff != "" {
		t.Errorf("template was written to (-want +got):\n%s", diff)
	}
}

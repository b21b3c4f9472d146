package templatefile

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestDecode_writes_short_forms_out(t *testing.T) {
	for text, want := range map[string]string{
		"a: !Ref B":                               `{"a": {"Ref": "B"}}`,
		"a: !GetAtt B.C.D":                        `{"a": {"Fn::GetAtt": ["B", "C.D"]}}`,
		"a: !GetAtt [B, C]":                       `{"a": {"Fn::GetAtt": ["B", "C"]}}`,
		"a: !Condition B":                         `{"a": {"Condition": "B"}}`,
		"a: !If [B, !Ref C, !Sub '${D}']":         `{"a": {"Fn::If": ["B", {"Ref": "C"}, {"Fn::Sub": "${D}"}]}}`,
		"a: !Select\n- 2\n- !Split ['/', !Ref B]": `{"a": {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "B"}]}]}}`,
		"a: !Base64 |\n  b\n  c\n":                `{"a": {"Fn::Base64": "b\nc\n"}}`,
		"a: !Sub\n- '${B}'\n- {B: !Ref C}":        `{"a": {"Fn::Sub": ["${B}", {"B": {"Ref": "C"}}]}}`,
		"a: !!str 12":                             `{"a": "12"}`,
	} {
		checkDecoded(t, text, want)
	}
}

func TestDecode_reads_scalars_as_CloudFormation_does(t *testing.T) {
	for text, want := range map[string]string{
		"a: 2010-09-09": `{"a": "2010-09-09"}`, "a: 012345678901": `{"a": "012345678901"}`,
		"a: 1.50": `{"a": 1.50}`, "a: 0x10": `{"a": "0x10"}`,
		"a: yes": `{"a": true}`, "a: 'yes'": `{"a": "yes"}`, "a: Off": `{"a": false}`, "a: true": `{"a": true}`,
		"a: ": `{"a": null}`, `a: ""`: `{"a": ""}`, "1: b": `{"1": "b"}`, "on: b": `{"on": "b"}`,
		"# comment\n---\na: b\n": `{"a": "b"}`,
		`{"a": 1.50}`:            `{"a": 1.50}`,
	} {
		checkDecoded(t, text, want)
	}
}

func checkDecoded(t *testing.T, text, want string) {
	t.Helper()
	got, err := Decode([]byte(text))
	if err != nil {
		t.Errorf("%s: got %v", text, err)
		return
	}
	var wanted any
	if err := decodeJSON([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wanted, any(got), cmp.Comparer(func(a, b json.Number) bool { return a == b })); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}

func TestDecode_rejects(t *testing.T) {
	for text, want := range map[string]string{
		"a: b: c":        "line 1: ",
		"a:\n  b: [1":    "line 2: ",
		"a: &b 1\nc: *b": "line 1: CloudFormation supports no aliases",
		"- a":            "isn't an object with Resources",
		"":               "isn't an object with Resources",
	} {
		_, err := Decode([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
			t.Errorf("%.40s: got %v (%s), want %q and a hint", text, err, fault.HintOf(err), want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40s: got %v, want one line", text, err)
		}
	}
}

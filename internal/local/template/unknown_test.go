package template

import (
	"errors"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// partlyKnown has a part that may refer to what isn't known here, and one that may not.
type partlyKnown struct {
	Name  string
	Texts Texts
	Parts []struct {
		Name    string
		Unknown Unknown
	}
}

func decodePartly(t *testing.T, properties string) (partlyKnown, *logtest.Log, error) {
	t.Helper()
	d := one(t, `{"Parameters":{"Key":{"Type":"String"}},"Resources":{
		"Pool":{"Type":"AWS::Cognito::UserPool"},"Queue":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"jobs"}},
		"R":{"Type":"T","Properties":`+properties+`}}}`)
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	logger, log := logtest.New()
	var p partlyKnown
	err = r.Decode(&p, logger)
	return p, log, err
}

func TestTexts_are_made_up_where_they_are_not_known_here(t *testing.T) {
	p, log, err := decodePartly(t, `{"Texts":{
		"KNOWN":{"Fn::GetAtt":["Queue","QueueName"]},"POOL":{"Ref":"Pool"},"KEY":{"Ref":"Key"},"ARN":{"Fn::Sub":"arn:x/${Pool}/${Queue.QueueName}"},
		"JOINED":{"Fn::Join":["/",["a",{"Fn::GetAtt":["Pool","Arn"]}]]},"SECRET":"a{{resolve:secretsmanager:db}}","IMPORT":{"Fn::ImportValue":"x"}}}`)
	if err != nil {
		t.Fatal(err)
	}
	for name, prefix := range map[string]string{
		"KNOWN": "jobs", "POOL": "App-POOL-", "KEY": "App-KEY-", "ARN": "App-ARN-", "JOINED": "App-JOINED-", "SECRET": "App-SECRET-", "IMPORT": "App-IMPORT-",
	} {
		if !strings.HasPrefix(p.Texts[name], prefix) {
			t.Errorf("%s: got %q, want it to begin with %q", name, p.Texts[name], prefix)
		}
	}
	log.Want(t, "level=WARN", "App/R gets made-up values", "ARN", "and 5 more", "--value Pool.Ref=VALUE")
	if strings.Contains(log.String(), "KNOWN") {
		t.Errorf("got a warning of what is known: %s", log)
	}
}

func TestTexts_do_not_hide_mistakes(t *testing.T) {
	_, _, err := decodePartly(t, `{"Texts":{"A":{"Ref":"Nobody"}}}`)
	contains(t, err, "App/R, Texts.A", `refers to "Nobody"`)
	if errors.Is(err, ErrUnsupported) {
		t.Error("a mistake counts as what isn't known here")
	}
}

func TestUnknown_is_why_a_part_cannot_be_resolved(t *testing.T) {
	p, _, err := decodePartly(t, `{"Name":"a","Parts":[{"Name":{"Ref":"Pool"}},{"Name":"b"}]}`)
	if err != nil || p.Name != "a" || len(p.Parts) != 2 || p.Parts[1].Name != "b" || p.Parts[1].Unknown.Err != nil {
		t.Fatalf("got %+v, %v", p, err)
	}
	contains(t, p.Parts[0].Unknown.Err, "App/R, Parts[0].Name.Ref", "needs Ref of Pool, of the unsupported type AWS::Cognito::UserPool")
	_, _, err = decodePartly(t, `{"Name":{"Ref":"Pool"}}`)
	if !errors.Is(err, ErrUnsupported) {
		t.Errorf("a struct without the field: got %v", err)
	}
}

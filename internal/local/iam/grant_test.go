package iam

import (
	"encoding/json"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestDenial_has_the_statement_that_is_missing(t *testing.T) {
	r := get(cloudfront)
	r.Action, r.Resource = "lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:f"
	r.Paths = Paths{source: "App/Chat/Distribution", r.Resource: "App/Chat/Handler"}
	denial := Decide(r, "AWS::Lambda::Permission")
	const want = "no AWS::Lambda::Permission allows lambda:InvokeFunction on App/Chat/Handler for cloudfront.amazonaws.com acting for App/Chat/Distribution"
	if denial.Error() != want {
		t.Errorf("got %s, want %s", denial, want)
	}
	missing := GrantOf(denial).With("Bool", "lambda:InvokedViaFunctionUrl", "true")
	text, err := json.Marshal(missing)
	const statement = `{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"the ARN of App/Chat/Handler",` +
		`"Condition":{"ArnLike":{"AWS:SourceArn":"the ARN of App/Chat/Distribution"},"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}`
	if string(text) != statement || err != nil {
		t.Errorf("got %s, %v, want %s", text, err, statement)
	}
	const hint = "add an AWS::Lambda::Permission with Principal: cloudfront.amazonaws.com, Action: lambda:InvokeFunction, InvokedViaFunctionUrl: true, SourceArn: the ARN of App/Chat/Distribution"
	if got := missing.Permission(); got != hint {
		t.Errorf("got %s, want %s", got, hint)
	}
}

func TestDenial_by_a_statement_has_none_that_is_missing(t *testing.T) {
	denial := Decide(get(user), "policy", New("site", statements(t, `{"Effect":"Deny","Action":"*","Principal":"*","Resource":"*"}`)...))
	if denial == nil || GrantOf(denial) != nil || GrantOf(nil) != nil || GrantOf(fault.New("", "no")) != nil {
		t.Errorf("got %v with %v, want no statement", denial, GrantOf(denial))
	}
}

func TestPaths_take_the_place_of_whole_ARNs(t *testing.T) {
	paths := Paths{"arn:aws:lambda:eu-west-1:111122223333:function:f": "App/F", "arn:aws:s3:::site": "App/Bucket"}
	for text, want := range map[string]string{
		"on arn:aws:lambda:eu-west-1:111122223333:function:f for x":      "on App/F for x",
		"(arn:aws:lambda:eu-west-1:111122223333:function:f:live, other)": "(App/F:live, other)",
		"arn:aws:lambda:eu-west-1:111122223333:function:f2":              "arn:aws:lambda:eu-west-1:111122223333:function:f2",
		"arn:aws:s3:::site/a:b; arn:aws:s3:::site":                       "App/Bucket/a:b; App/Bucket",
		"arn:aws:s3:::site-2/*":                                          "arn:aws:s3:::site-2/*",
		"":                                                               "",
	} {
		if got := paths.In(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

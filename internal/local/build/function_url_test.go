package build

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

func TestFunctionURL_warns_of_Python_behind_RESPONSE_STREAM(t *testing.T) {
	path := t.TempDir() // a machine with Python
	if err := os.WriteFile(filepath.Join(path, "python3"), []byte("#!/bin/sh\necho /bin/python3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", path+":"+os.Getenv("PATH"))
	dir := siteAssembly(t, func(resources object) {
		resources["Handler"] = object{"Type": "AWS::Lambda::Function", "Properties": object{
			"Runtime": "python3.13", "Handler": "index.handler", "Code": object{"ZipFile": "def handler(event, context):\n    return 1\n"}, "Role": "arn:aws:iam::111122223333:role/r"}}
		resources["Url"] = object{"Type": "AWS::Lambda::Url", "Properties": object{
			"AuthType": "NONE", "InvokeMode": "RESPONSE_STREAM", "TargetFunctionArn": object{"Fn::GetAtt": []any{"Handler", "Arn"}}}}
	})
	_, log := open(t, dir, Options{})
	log.Want(t, "as JSON", "Lambda's Python runtimes can't stream", "set InvokeMode to BUFFERED")
}

func TestPermission_is_a_statement(t *testing.T) {
	const arn = "arn:aws:lambda:eu-west-1:111122223333:function:f"
	yes, no := true, false
	r := iam.NewRequest(sigv4.Identity{Service: "cloudfront.amazonaws.com", SourceARN: "arn:aws:cloudfront::111122223333:distribution/E1", SourceAccount: "111122223333"}, nil)
	r.Action, r.Resource = "lambda:InvokeFunction", arn
	r.Keys[iam.KeyFunctionURLAuthType], r.Keys[iam.KeyInvokedViaFunctionURL] = "AWS_IAM", "true"
	for name, test := range map[string]struct {
		change func(*permissionProperties)
		want   bool
	}{
		"as it is":          {func(*permissionProperties) {}, true},
		"everyone":          {func(p *permissionProperties) { p.Principal = "*" }, true},
		"all actions":       {func(p *permissionProperties) { p.Action = "lambda:*" }, true},
		"source":            {func(p *permissionProperties) { p.SourceArn = "arn:aws:cloudfront::111122223333:distribution/*" }, true},
		"another source":    {func(p *permissionProperties) { p.SourceArn = "arn:aws:cloudfront::111122223333:distribution/E2" }, false},
		"both accounts":     {func(p *permissionProperties) { p.SourceAccount, p.FunctionUrlAuthType = "111122223333", "AWS_IAM" }, true},
		"another account":   {func(p *permissionProperties) { p.SourceAccount, p.FunctionUrlAuthType = "999999999999", "AWS_IAM" }, false},
		"another type":      {func(p *permissionProperties) { p.SourceAccount, p.FunctionUrlAuthType = "111122223333", "NONE" }, false},
		"by the URL":        {func(p *permissionProperties) { p.InvokedViaFunctionUrl = &yes }, true},
		"not by the URL":    {func(p *permissionProperties) { p.InvokedViaFunctionUrl = &no }, false},
		"another principal": {func(p *permissionProperties) { p.Principal = "events.amazonaws.com" }, false},
		"another action":    {func(p *permissionProperties) { p.Action = "lambda:InvokeFunctionUrl" }, false},
	} {
		p := permissionProperties{Principal: "cloudfront.amazonaws.com", Action: "lambda:InvokeFunction"}
		test.change(&p)
		if denial := iam.Decide(r, "permission", iam.New("Permit", p.statement(arn))); (denial == nil) != test.want {
			t.Errorf("%s: got %v, want permitted %v", name, denial, test.want)
		}
	}
}

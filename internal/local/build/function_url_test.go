package build

import (
	"os"
	"path/filepath"
	"testing"
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

package main

import (
	"os"
	"strings"
	"testing"
)

// watchedTemplate has two permissions for everyone, and code in a directory beside.
const watchedTemplate = `
Resources:
  Handler: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x, Handler: index.handler, Code: src, Environment: {Variables: {GREETING: hello}}}}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: !Ref Handler}}
  First: {Type: AWS::Lambda::Permission, Properties: {Action: lambda:InvokeFunctionUrl, FunctionName: !Ref Handler, Principal: "*"}}
  Second: {Type: AWS::Lambda::Permission, Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref Handler, Principal: "*"}}
`

func TestLocal_watch_reads_templates_and_their_code_again(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("src", 0o755); err != nil {
		t.Fatal(err)
	}
	code := func(text string) string {
		return "exports.handler = async () => ({statusCode: 200, body: process.env.GREETING + ' " + text + "'});"
	}
	writeFile(t, "template.yaml", watchedTemplate)
	writeFile(t, "src/index.js", code("one"))
	s := startLocal(t, "--watch", "--template", "app=template.yaml")
	s.wait(t, "the first version", func() bool { return s.get() == "hello one" })
	writeFile(t, "src/index.js", code("two"))
	s.wait(t, "the new code", func() bool { return s.get() == "hello two" })
	writeFile(t, "template.yaml", strings.Replace(watchedTemplate, "hello", "goodbye", 1))
	s.wait(t, "the new template", func() bool { return s.get() == "goodbye two" })
	writeFile(t, "template.yaml", "Resources: [")
	s.waitFor(t, "template.yaml, line 1")
	if got := s.get(); got != "goodbye two" {
		t.Errorf("got %s with a broken template, want the last version", got)
	}
}

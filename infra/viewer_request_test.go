package infra_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// viewerCode returns the code of the only CloudFront Function.
func viewerCode(t *testing.T, template synthtest.Template) string {
	t.Helper()
	return synthtest.At(t, template.Only(t, "AWS::CloudFront::Function").Properties, "FunctionCode").(string)
}

func TestEndpoint_runs_only_original_host_by_default(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{})
	consumer := synthtest.Templates(app)["Consumer"]
	if viewerCode(t, consumer) != edge.OriginalHost {
		t.Errorf("got %s, want edge.OriginalHost", viewerCode(t, consumer))
	}
	config := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Function").Properties, "FunctionConfig").(map[string]any)
	if _, ok := config["KeyValueStoreAssociations"]; ok {
		t.Error("got a key value store, want none")
	}
}

func TestEndpoint_runs_a_viewer_request_file_with_a_store(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	store := awscloudfront.NewKeyValueStore(stack, jsii.String("Redirects"), nil)
	endpoint := newEndpoint(stack, infra.EndpointProps{
		ViewerRequestFile:   jsii.String("testdata/viewer/redirects.js"),
		KeyValueStore:       store,
		RejectDefaultDomain: jsii.Bool(true),
		DomainNames:         jsii.Strings("chat.example.com"),
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
			jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888")),
	})
	endpoint.AddBehavior(jsii.String("Agent"), &infra.BehaviorProps{
		PathPattern: jsii.String("/agent/*"),
		Handler:     infra.GoHandler("./testdata/handler"),
	})
	consumer := synthtest.Templates(app)["Consumer"]

	code := viewerCode(t, consumer)
	for _, want := range []string{"async function viewerRequest(event)", "[rejectDefaultDomain, removeForged, viewerRequest, keepOriginals]"} {
		if !strings.Contains(code, want) {
			t.Errorf("got %s, want %s in it", code, want)
		}
	}
	script, problems := cloudfrontjs.Parse("function.js", code, cloudfrontjs.Runtime2)
	if len(problems) > 0 || len(script.Warnings) > 0 {
		t.Errorf("got problems %v and warnings, want code that the runtime documents", problems)
	}
	function := consumer.Only(t, "AWS::CloudFront::Function")
	association := synthtest.At(t, function.Properties, "FunctionConfig", "KeyValueStoreAssociations", 0)
	if got, want := synthtest.At(t, association, "KeyValueStoreARN", "Fn::GetAtt", 0), consumer.Only(t, "AWS::CloudFront::KeyValueStore").LogicalID; got != want {
		t.Errorf("got store %v, want %v", got, want)
	}
	config := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	for name, behavior := range map[string]any{"default": synthtest.At(t, config, "DefaultCacheBehavior"), "agent": synthtest.At(t, config, "CacheBehaviors", 0)} {
		if got := synthtest.At(t, behavior, "FunctionAssociations", 0, "FunctionARN", "Fn::GetAtt", 0); got != function.LogicalID {
			t.Errorf("%s: got function %v, want the shared %v", name, got, function.LogicalID)
		}
	}
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(consumer)))
}

func TestOriginalHost_rejects_code_that_CloudFront_cannot_run(t *testing.T) {
	const valid = "function viewerRequest(event) { return event.request; }\n"
	for name, test := range map[string]struct {
		code string
		want []string
	}{
		"syntax":           {"function viewerRequest(event) {\n  return event?.request;\n}", []string{"code.js:2:", "optional chaining", "a && a.b"}},
		"a syntax error":   {"function viewerRequest(event) {", []string{"code.js:1:", "SyntaxError"}},
		"a module":         {"import fs from 'fs';\n" + valid, []string{"code.js:1:1", `no module "fs"`}},
		"two declarations": {"const a = 1;\nconst a = 2;\n" + valid, []string{"code.js:2:", "'a' has already been declared"}},
		"no function":      {"function onRequest(event) { return event.request; }", []string{"without a function viewerRequest", "function viewerRequest(event)"}},
		"handler":          {"function handler(event) { return event.request; }", []string{"declares handler, ", "code.js:1", "rename it to viewerRequest"}},
		"a reserved name":  {"const cloudfurl = 1;\n" + valid, []string{"declares cloudfurl", "rename it"}},
		"a store":          {"import cf from 'cloudfront';\nasync function viewerRequest(event) {\n  return await cf.kvs().get('a');\n}", []string{"calls kvs()", "code.js:3", "without KeyValueStore"}},
		"too much":         {valid + strings.Repeat("// comment\n", 1000), []string{"of 11056 bytes", " fit in the function", "minify"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "code.js")
			if err := os.WriteFile(file, []byte(test.code), 0o644); err != nil {
				t.Fatal(err)
			}
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			message := synthtest.Failure(t, func() {
				infra.NewOriginalHost(stack, jsii.String("OriginalHost"), &infra.OriginalHostProps{ViewerRequestFile: jsii.String(file)})
			})
			for _, want := range append(test.want, "Consumer/OriginalHost: ") {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want %q in it", message, want)
				}
			}
		})
	}
}

func TestEndpoint_rejects_invalid_props_of_its_viewer_function(t *testing.T) {
	for name, test := range map[string]struct {
		props func(infra.EndpointProps, awscloudfront.IKeyValueStore) infra.EndpointProps
		want  []string
	}{
		"a missing file": {func(p infra.EndpointProps, _ awscloudfront.IKeyValueStore) infra.EndpointProps {
			p.ViewerRequestFile = jsii.String("testdata/viewer/missing.js")
			return p
		}, []string{"could not read ViewerRequestFile", "missing.js"}},
		"a store without code": {func(p infra.EndpointProps, store awscloudfront.IKeyValueStore) infra.EndpointProps {
			p.KeyValueStore = store
			return p
		}, []string{"KeyValueStore without ViewerRequestFile"}},
		"no name left": {func(p infra.EndpointProps, _ awscloudfront.IKeyValueStore) infra.EndpointProps {
			p.RejectDefaultDomain = jsii.Bool(true)
			return p
		}, []string{"RejectDefaultDomain without DomainNames", "every request"}},
		"an unknown hashing": {func(p infra.EndpointProps, _ awscloudfront.IKeyValueStore) infra.EndpointProps {
			p.BodyHashing = "ORIGIN"
			return p
		}, []string{`BodyHashing "ORIGIN"`, "infra.BodyHashing_VIEWER"}},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			store := awscloudfront.NewKeyValueStore(stack, jsii.String("Store"), nil)
			message := synthtest.Failure(t, func() { newEndpoint(stack, test.props(infra.EndpointProps{}, store)) })
			for _, want := range append(test.want, "Consumer/Api") {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want %q in it", message, want)
				}
			}
		})
	}
}

func TestViewerRequest_is_what_the_docs_show(t *testing.T) {
	page, err := os.ReadFile("../docs/library.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"testdata/viewer/redirects.js", "testdata/viewer/large_headers.js"} {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(page), string(code)) {
			t.Errorf("docs/library.md doesn't show %s as it is tested", file)
		}
	}
}

func TestEndpoint_runs_its_viewer_request_file_for_static_files(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newEndpoint(stack, infra.EndpointProps{
		StaticFiles:       &infra.StaticFilesProps{Directory: jsii.String("testdata/site")},
		ViewerRequestFile: jsii.String("testdata/viewer/redirects.js"),
		KeyValueStore:     awscloudfront.NewKeyValueStore(stack, jsii.String("Redirects"), nil),
		BodyHashing:       infra.BodyHashing_VIEWER,
	})
	functions := synthtest.Templates(app)["Consumer"].Resources("AWS::CloudFront::Function")
	if len(functions) != 2 {
		t.Fatalf("got %d functions, want original_host and that of the files", len(functions))
	}
	for _, function := range functions {
		code := synthtest.At(t, function.Properties, "FunctionCode").(string)
		if !strings.Contains(code, "return [viewerRequest, handler];") && !strings.Contains(code, "return [removeForged, viewerRequest, ") {
			t.Errorf("got %s, want viewerRequest among the steps", code)
		}
		synthtest.At(t, function.Properties, "FunctionConfig", "KeyValueStoreAssociations", 0)
		ofFiles := strings.Contains(code, "index.html")
		if strings.Contains(code, "requireHash") == ofFiles {
			t.Errorf("got %s, want hashes checked for the handler only", code)
		}
	}
}

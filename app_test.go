package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/internal/jsiiruntime"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestMain(m *testing.M) {
	if slices.Contains(os.Environ(), asApp) {
		main()
		os.Exit(0)
	}
	code := m.Run()
	jsiiruntime.Close()
	if _, err := snaps.Clean(m); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// newTestApp returns an app with the context of cdk.json, changed by context.
// It doesn't compile handlers.
func newTestApp(t *testing.T, context map[string]any) awscdk.App {
	t.Helper()
	data, err := os.ReadFile("cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var settings struct {
		Context map[string]any `json:"context"`
	}
	if err := json.Unmarshal(data, &settings); err != nil {
		t.Fatal(err)
	}
	settings.Context["aws:cdk:bundling-stacks"] = []string{}
	maps.Copy(settings.Context, context)
	return awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false), Context: &settings.Context})
}

// The snapshots show every change to the deployed templates. After an intended
// change, run "make update-snapshots" and inspect the diff.
func TestApp_matches_the_snapshots(t *testing.T) {
	t.Setenv("CDK_DEFAULT_ACCOUNT", "")
	app := newTestApp(t, nil)
	newStacks(app)
	templates := synthtest.Templates(app)

	if got, want := slices.Sorted(maps.Keys(templates)), []string{"Cloudfurl", "CloudfurlEdge"}; !slices.Equal(got, want) {
		t.Fatalf("got stacks %v, want %v", got, want)
	}
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		t.Run(name, func(t *testing.T) {
			snaps.MatchJSON(t, synthtest.Normalize(map[string]any(templates[name])))
		})
	}
}

// An agent without the AWS SDK can't ask Bedrock.
func TestApp_builds_the_agent_for_its_model(t *testing.T) {
	keys := map[string]string{}
	for _, model := range []string{"embedded", "bedrock:amazon.nova-lite-v1:0", "bedrock:amazon.nova-pro-v1:0"} {
		app := newTestApp(t, map[string]any{"agentModel": model})
		newStacks(app)
		for id, resource := range synthtest.Templates(app)["Cloudfurl"]["Resources"].(map[string]any) {
			if strings.HasPrefix(id, "EndpointAgentHandlerFunction") {
				if code, ok := resource.(map[string]any)["Properties"].(map[string]any)["Code"].(map[string]any); ok {
					keys[model] = code["S3Key"].(string)
				}
			}
		}
	}
	if keys["embedded"] == "" || keys["embedded"] == keys["bedrock:amazon.nova-lite-v1:0"] || keys["bedrock:amazon.nova-lite-v1:0"] != keys["bedrock:amazon.nova-pro-v1:0"] {
		t.Errorf("got the code %v, want one for embedded and another for Bedrock", keys)
	}
}

func TestApp_deploys_to_the_given_region_and_account(t *testing.T) {
	t.Setenv("CDK_DEFAULT_ACCOUNT", "111122223333")
	app := newTestApp(t, map[string]any{"region": "eu-central-1", "architecture": "x86_64"})
	newStacks(app)

	environments := map[string]string{}
	for _, stack := range *app.Synth(nil).Stacks() {
		environments[*stack.StackName()] = *stack.Environment().Name
	}
	want := map[string]string{
		"CloudfurlEdge": "aws://111122223333/us-east-1",
		"Cloudfurl":     "aws://111122223333/eu-central-1",
	}
	if !maps.Equal(environments, want) {
		t.Errorf("got %v, want %v", environments, want)
	}
}

func TestApp_outputs_its_addresses(t *testing.T) {
	app := newTestApp(t, nil)
	newStacks(app)
	outputs := synthtest.Templates(app)["Cloudfurl"]["Outputs"].(map[string]any)

	if got, want := slices.Sorted(maps.Keys(outputs)), []string{"DistributionUrl", "FunctionName", "FunctionUrl", "LogGroupName"}; !slices.Equal(got, want) {
		t.Errorf("got outputs %v, want %v", got, want)
	}
}

func TestApp_in_a_stage_has_stacks_of_its_name(t *testing.T) {
	app := newTestApp(t, map[string]any{"stage": "prod"})
	newStacks(app)
	nested := *app.Synth(nil).NestedAssemblies()
	if len(nested) != 1 {
		t.Fatalf("got %d stages, want prod", len(nested))
	}
	var names []string
	for _, stack := range *nested[0].NestedAssembly().Stacks() {
		names = append(names, *stack.StackName())
	}
	slices.Sort(names)
	if want := []string{"prod-Cloudfurl", "prod-CloudfurlEdge"}; !slices.Equal(names, want) {
		t.Errorf("got stacks %v, want %v", names, want)
	}
}

func TestApp_publishes_the_page_with_the_client(t *testing.T) {
	app := newTestApp(t, nil)
	newStacks(app)
	assembly := app.Synth(nil)
	pages, err := filepath.Glob(filepath.Join(*assembly.Directory(), "asset.*", "index.html"))
	if err != nil || len(pages) != 1 {
		t.Fatalf("got the pages %v (%v), want one in the assembly", pages, err)
	}
	want, err := os.ReadFile(filepath.Join("client", "cloudfurl.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(filepath.Dir(pages[0]), "cloudfurl.mjs")); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %d bytes (%v) beside the page, want client/cloudfurl.mjs", len(got), err)
	}
}

func TestApp_takes_its_settings_from_the_context(t *testing.T) {
	site := t.TempDir()
	if err := os.WriteFile(filepath.Join(site, "index.html"), []byte("<title>site</title>"), 0o644); err != nil {
		t.Fatal(err)
	}
	app := newTestApp(t, map[string]any{
		"domainName": "chat.example.com", "hostedZoneId": "Z0000000000000", "staticDir": site, "reservedConcurrency": 7,
		"webAcl": "managed", "alarmEmail": "ops@example.com", "accessLogs": true,
	})
	newStacks(app)
	template := synthtest.Templates(app)["Cloudfurl"]
	config := synthtest.At(t, template.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	if got := synthtest.At(t, config, "Aliases", 0); got != "chat.example.com" {
		t.Errorf("got alias %v, want chat.example.com", got)
	}
	if got := synthtest.At(t, config, "CacheBehaviors", 0, "PathPattern"); got != "/api/*" {
		t.Errorf("got %v, want the handler at /api/*", got)
	}
	var reserved []any
	for _, function := range template.Resources("AWS::Lambda::Function") {
		if n, ok := function.Properties["ReservedConcurrentExecutions"]; ok {
			reserved = append(reserved, n)
		}
	}
	if len(reserved) != 1 || reserved[0] != 7.0 {
		t.Errorf("got reserved concurrency %v, want 7 for the handler", reserved)
	}
	if len(template.Resources("AWS::CloudWatch::Dashboard")) != 1 {
		t.Error("got no dashboard")
	}
	for _, key := range []string{"WebACLId", "ViewerCertificate"} {
		if synthtest.At(t, config, key) == nil {
			t.Errorf("got no %s", key)
		}
	}
	for _, record := range template.Resources("AWS::Route53::RecordSet") {
		if zone := record.Properties["HostedZoneId"]; zone != "Z0000000000000" {
			t.Errorf("got a record in zone %v, want Z0000000000000", zone)
		}
	}
}

func TestApp_rejects_invalid_context(t *testing.T) {
	for name, test := range map[string]struct {
		context map[string]any
		want    []string
	}{
		"unknown architecture": {map[string]any{"architecture": "riscv64"}, []string{"context architecture", `"riscv64"`, "arm64 or x86_64"}},
		"unknown region":       {map[string]any{"region": "mars"}, []string{"context region", `"mars"`, "ap-northeast-1"}},
		"no region":            {map[string]any{"region": ""}, []string{"context region", "-c region=VALUE"}},
		"invalid stage":        {map[string]any{"stage": "dev/1"}, []string{"context stage", `"dev/1"`, "dev or prod"}},
		"a name without zone":  {map[string]any{"domainName": "chat.example.com"}, []string{"context hostedZoneId", "chat.example.com"}},
		"a zone without name":  {map[string]any{"hostedZoneId": "Z0000000000000"}, []string{"context domainName", "Z0000000000000"}},
		"text as a number":     {map[string]any{"reservedConcurrency": "many"}, []string{"context reservedConcurrency", `"many"`, "number"}},
		"unknown web ACL":      {map[string]any{"webAcl": "yes"}, []string{"context webAcl", `"yes"`, "managed"}},
		"no address":           {map[string]any{"alarmEmail": "ops"}, []string{"context alarmEmail", `"ops"`}},
		"no truth value":       {map[string]any{"accessLogs": "month"}, []string{"context accessLogs", "true or false"}},
		"unknown model":        {map[string]any{"agentModel": "gpt"}, []string{"context agentModel", `"gpt"`, "embedded", "bedrock:"}},
		"a list":               {map[string]any{"staticDir": []any{"site"}}, []string{"context staticDir", "use a string"}},
		"no such directory":    {map[string]any{"staticDir": "nowhere"}, []string{"nowhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() { newStacks(newTestApp(t, test.context)) })
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}

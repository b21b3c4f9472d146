package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestMain(m *testing.M) {
	if slices.Contains(os.Environ(), asApp) {
		main()
		os.Exit(0)
	}
	code := m.Run()
	jsii.Close()
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
			snaps.MatchJSON(t, synthtest.Normalise(map[string]any(templates[name])))
		})
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

	if got, want := slices.Sorted(maps.Keys(outputs)), []string{"DistributionUrl", "FunctionName", "FunctionUrl"}; !slices.Equal(got, want) {
		t.Errorf("got outputs %v, want %v", got, want)
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

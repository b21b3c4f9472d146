package main

import (
	"encoding/json"
	"os"
	"runtime/debug"
	"slices"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

func TestVersion_names_what_go_mod_and_package_json_pin(t *testing.T) {
	text, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	module, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	pinned := map[string]string{}
	for _, require := range module.Require {
		pinned[require.Mod.Path] = require.Mod.Version
	}
	var tools struct{ DevDependencies map[string]string }
	if text, err = os.ReadFile("../../package.json"); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &tools); err != nil {
		t.Fatal(err)
	}
	want := [][2]string{
		{"awscdk", pinned["github.com/aws/aws-cdk-go/awscdk/v2"]},
		{"jsii-runtime-go", pinned["github.com/aws/jsii-runtime-go"]},
		{"aws-cdk", tools.DevDependencies["aws-cdk"]},
		{"lambda-web-adapter", contract.AdapterVersion + ", layer " + contract.AdapterLayerVersion},
	}
	if got := versionsOf(new(debug.BuildInfo))[3:]; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVersion_says_what_was_built(t *testing.T) {
	const commit = "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b"
	checkout := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: modified}}
	}
	for name, test := range map[string]struct {
		built           debug.BuildInfo
		version, commit string
	}{
		"a release": {debug.BuildInfo{Main: debug.Module{Version: "v0.1.0"}, Settings: checkout("false")}, "v0.1.0", commit},
		"a checkout with changes": {debug.BuildInfo{Main: debug.Module{Version: "v0.1.0+dirty"}, Settings: checkout("true")},
			"v0.1.0+dirty", commit + ", with changes"},
		"a tool of an app": {debug.BuildInfo{Main: debug.Module{Version: "v0.0.0", Replace: &debug.Module{Path: "../.."}}},
			"v0.0.0 => ../..", "not recorded in this build"},
		"nothing": {debug.BuildInfo{}, "(devel)", "not recorded in this build"},
	} {
		got := versionsOf(&test.built)
		if want := [][2]string{{"cloudfurl", test.version}, {"commit", test.commit}}; !slices.Equal(got[:2], want) {
			t.Errorf("%s: got %q, want %q", name, got[:2], want)
		}
	}
}

func TestPublished_knows_which_versions_a_proxy_has(t *testing.T) {
	sources := &debug.Module{Path: "../.."}
	for name, test := range map[string]struct {
		module debug.Module
		want   bool
	}{
		"from a proxy":          {debug.Module{Version: "v0.0.0-20261201093000-1a2b3c4d5e6f", Sum: "h1:"}, true},
		"a release":             {debug.Module{Version: "v0.1.0"}, true},
		"a candidate":           {debug.Module{Version: "v0.1.0-rc.1"}, true},
		"a release, changed":    {debug.Module{Version: "v0.1.0+dirty"}, false},
		"a commit":              {debug.Module{Version: "v0.1.1-0.20261201093000-1a2b3c4d5e6f"}, false},
		"without a commit":      {debug.Module{Version: "(devel)"}, false},
		"the sources of an app": {debug.Module{Version: "v0.0.0", Replace: sources}, false},
	} {
		if got := published(test.module); got != test.want {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

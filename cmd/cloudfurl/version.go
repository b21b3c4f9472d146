package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// cdkCLI is the version of the CDK's command that cloudfurl is tested with, as in
// package.json.
const cdkCLI = "2.1148.1"

// A versionCommand is "cloudfurl version" with its flags.
type versionCommand struct {
	JSON bool `help:"Write a JSON object."`
}

// Run prints versions.
func (c *versionCommand) Run(to streams) error {
	built, _ := debug.ReadBuildInfo()
	object := map[string]string{}
	for _, row := range versionsOf(cmp.Or(built, new(debug.BuildInfo))) {
		if object[row[0]] = row[1]; !c.JSON {
			fmt.Fprintf(to.stdout, "%-18s  %s\n", row[0], row[1])
		}
	}
	if c.JSON {
		return writeJSON(to.stdout, object)
	}
	return nil
}

// versionsOf returns names and versions. A module from a proxy has no commit, nor has a
// program that was built with -buildvcs=false.
func versionsOf(built *debug.BuildInfo) [][2]string {
	settings := map[string]string{}
	for _, setting := range built.Settings {
		settings[setting.Key] = setting.Value
	}
	version, commit := cmp.Or(built.Main.Version, "(devel)"), cmp.Or(settings["vcs.revision"], "not recorded in this build")
	if built.Main.Replace != nil {
		version += " => " + built.Main.Replace.Path
	}
	if settings["vcs.modified"] == "true" {
		commit += ", with changes"
	}
	return [][2]string{
		{"cloudfurl", version},
		{"commit", commit},
		{"go", runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH},
		{"awscdk", "v2.277.0"}, // as in go.mod, but the command doesn't link it
		{"jsii-runtime-go", "v1.142.0"},
		{"aws-cdk", cdkCLI},
		{"lambda-web-adapter", contract.AdapterVersion + ", layer " + contract.AdapterLayerVersion},
	}
}

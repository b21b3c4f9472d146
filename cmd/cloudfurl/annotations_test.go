package main

import (
	"strings"
	"testing"
)

func TestLocal_watch_logs_annotations_once_and_again_after_they_were_gone(t *testing.T) {
	versions := map[string]string{}
	for _, version := range []string{"version 1", "version 2", "version 3", "version 4"} {
		versions[version] = template(t, "", version)
	}
	watchedApp(t, versions["version 1"])
	writeFile(t, "app.sh", `
cp -R "$1" "$CDK_OUTDIR" && cp app.json "$CDK_OUTDIR/Open.template.json" && cp manifest.json "$CDK_OUTDIR/manifest.json"`)
	writeManifest := func(annotations string) {
		t.Helper()
		writeFile(t, "manifest.json", `{"version": "54.0.0", "artifacts": {"Open": {"type": "aws:cloudformation:stack",
			"environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "Open.template.json"}, "metadata": {`+annotations+`}}}}`)
	}
	const both = `"/Open/Fn": [{"type": "aws:cdk:warning", "data": "flask isn't pinned"}, {"type": "aws:cdk:error", "data": "no such layer"}]`
	writeManifest(both)
	s := startLocal(t, "--watch")
	count := func(line string, want int) {
		t.Helper()
		if got := strings.Count(s.stderr.String(), line); got != want {
			t.Errorf("got %q %d times, want %d", line, got, want)
		}
	}
	serve := func(version string) {
		t.Helper()
		writeFile(t, "app.json", versions[version])
		s.wait(t, version, func() bool { return s.get() == version })
	}
	count("WARN  Open/Fn: flask isn't pinned\n", 1)
	count("ERROR Open/Fn: no such layer (cdk deploy stops at this)\n", 1)
	serve("version 2")
	count("flask isn't pinned", 1)
	writeManifest("")
	serve("version 3")
	writeManifest(both)
	serve("version 4")
	count("flask isn't pinned", 2)
}

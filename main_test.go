package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// asApp makes the test's executable the app itself.
const asApp = "CLOUDFURL_TEST_AS_APP=yes"

// runApp runs the app in a process and returns what it prints to standard error.
func runApp(t *testing.T, env ...string) (string, error) {
	t.Helper()
	var stderr bytes.Buffer
	command := exec.Command(os.Args[0])
	command.Env = append(append(os.Environ(), asApp), env...)
	command.Stderr = &stderr
	err := command.Run()
	return stderr.String(), err
}

func TestApp_synthesizes_quietly(t *testing.T) {
	out := filepath.Join(t.TempDir(), "cdk.out")
	context := `{"region": "eu-west-1", "architecture": "arm64", "aws:cdk:bundling-stacks": []}`
	stderr, err := runApp(t, "CDK_OUTDIR="+out, "CDK_CONTEXT_JSON="+context, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20")
	if err != nil || stderr != "" {
		t.Errorf("got %v, and on standard error: %s", err, stderr)
	}
	if _, err := os.Stat(filepath.Join(out, "manifest.json")); err != nil {
		t.Error(err)
	}
}

func TestApp_says_where_the_command_is_if_a_person_runs_it(t *testing.T) {
	stderr, err := runApp(t, "CDK_OUTDIR=")
	if err == nil || !strings.Contains(stderr, "go install github.com/cloudfurl/cloudfurl/cmd/cloudfurl") {
		t.Errorf("got %v and %q, want an error that names cmd/cloudfurl", err, stderr)
	}
}

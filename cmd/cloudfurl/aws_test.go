package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// awsCLI puts a program in the place of the AWS CLI, and clears the environment of
// keys. It may have a shell's commands for "aws configure export-credentials".
func awsCLI(t *testing.T, export string) {
	t.Helper()
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"} {
		t.Setenv(name, "")
	}
	dir := t.TempDir()
	script := "#!/bin/sh\ncase \"$*\" in\n" +
		"'configure export-credentials --format process') echo called >>" + dir + "/calls; " + export + ";;\n" +
		"'configure get region') echo eu-west-3;;\n*) exit 252;;\nesac\n"
	if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

// printing has the program print keys that end at a time.
func printing(end time.Time) string {
	return fmt.Sprintf(`echo '{"Version": 1, "AccessKeyId": "ASIA1", "SecretAccessKey": "hidden1", "SessionToken": "token1", "Expiration": %q}'`, end.Format(time.RFC3339))
}

func TestAWS_reads_keys_and_region_by_the_AWS_CLI(t *testing.T) {
	awsCLI(t, printing(time.Now().Add(time.Hour)))
	log, written := logtest.New()
	options, flag := new(build.Options), awsFlag{given: true}
	for range 2 { // the second time they are still good
		if err := flag.read(t.Context(), options, log); err != nil {
			t.Fatal(err)
		}
	}
	if got := *options.AWS; got.Credentials.AccessKeyID != "ASIA1" || got.Credentials.SecretAccessKey != "hidden1" || got.Credentials.SessionToken != "token1" || got.Region != "eu-west-3" {
		t.Errorf("got %+v", got)
	}
	written.Want(t, "functions have this machine's AWS credentials", "region=eu-west-3")
	if strings.Count(written.String(), "\n") != 1 || strings.Contains(written.String(), "1 ") || strings.Contains(written.String(), "hidden") {
		t.Errorf("got the log %s", written)
	}
}

func TestAWS_reads_keys_again_when_they_end(t *testing.T) {
	awsCLI(t, printing(time.Now()))
	log, written := logtest.New()
	options, flag := new(build.Options), awsFlag{given: true}
	for range 2 {
		if err := flag.read(t.Context(), options, log); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Count(written.String(), "functions have"); got != 2 {
		t.Errorf("read %d times, want 2", got)
	}
	written.Want(t, "they end at ")
}

func TestAWS_prefers_keys_in_the_environment(t *testing.T) {
	awsCLI(t, "exit 1")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIA2")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hidden2")
	t.Setenv("AWS_REGION", "eu-north-1")
	log, _ := logtest.New()
	options, flag := new(build.Options), awsFlag{given: true}
	if err := flag.read(t.Context(), options, log); err != nil {
		t.Fatal(err)
	}
	if got := *options.AWS; got.Credentials.AccessKeyID != "AKIA2" || got.Credentials.SecretAccessKey != "hidden2" || got.Credentials.SessionToken != "" || got.Region != "eu-north-1" {
		t.Errorf("got %+v", got)
	}
	if !flag.end.IsZero() {
		t.Errorf("they end at %v", flag.end)
	}
}

func TestLocal_says_why_there_are_no_credentials(t *testing.T) {
	for export, want := range map[string]string{
		"echo 'Unable to locate credentials.' >&2; exit 253": "Unable to locate credentials.",
		"echo hidden":                      "the AWS CLI printed no keys",
		`echo '{"AccessKeyId": "hidden"}'`: "the AWS CLI printed no keys",
		`rm "$0"; exit 1`:                  "exit status 1",
	} {
		awsCLI(t, export)
		p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0", "--aws")
		p.ends(t, 1)
		got := p.stderr.String()
		if !strings.Contains(got, "error: --aws: this machine has no AWS credentials: "+want) || !strings.Contains(got, "hint: log in with version 2 of the AWS CLI") || strings.Contains(got, "hidden") {
			t.Errorf("%s: got %s", export, got)
		}
	}
	t.Setenv("PATH", t.TempDir())
	p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0", "--aws")
	p.ends(t, 1)
	if got := p.stderr.String(); !strings.Contains(got, `exec: "aws": executable file not found in $PATH`) {
		t.Errorf("without the CLI: got %s", got)
	}
}

func TestLocal_gives_functions_variables_and_keys(t *testing.T) {
	awsCLI(t, printing(time.Now().Add(time.Hour)))
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/assembly")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "Open.template.json"), strings.Replace(template(t, "", "version 1"),
		"statusCode: 200, body: 'version 1'", "statusCode: 200, headers: {told: process.env.TOLD, key: process.env.AWS_ACCESS_KEY_ID}", 1))
	p := startProcess(t, "local", "--assembly", dir, "--listen", "127.0.0.1:0", "--aws", "--env", "Handler.TOLD=by=flag")
	response, err := http.Get(p.waitFor(t, &p.stdout, `(http://127\.0\.0\.1:\d+/)`))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if told, key := response.Header.Get("Told"), response.Header.Get("Key"); told != "by=flag" || key != "ASIA1" {
		t.Errorf("got %q and %q", told, key)
	}
	if all := fmt.Sprint(&p.stdout, &p.stderr); strings.Contains(all, "hidden1") || strings.Contains(all, "token1") || strings.Contains(all, "by=flag") {
		t.Error("a secret is in the output")
	}
}

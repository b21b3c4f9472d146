package watch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunShell_says_what_a_command_does_that_takes_long(t *testing.T) {
	compiler := filepath.Join(t.TempDir(), "compile")
	if err := os.WriteFile(compiler, []byte("#!/bin/sh\nsleep 300\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	const cdk = "github.com/aws/aws-cdk-go/awscdk/v2"
	for want, command := range map[string]string{
		"the app runs":            "true",
		"downloading example.com": "echo go: downloading example.com v1",
		"compiling the CDK, which takes a minute or two the first time, now " + cdk: compiler + " -o x -p " + cdk + " &",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			log, said := new(record), filepath.Join(t.TempDir(), "said")
			done := make(chan error, 1)
			go func() {
				_, err := runShell(timeout(t), command+"\nuntil test -e "+said+"; do sleep 0.1; done", t.TempDir(), os.Environ(), log.logger())
				done <- err
			}()
			eventually(t, func() bool { return strings.Contains(log.String(), want) }, log.String)
			if err := os.WriteFile(said, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

func TestInputs_change_with_sources_and_not_with_docs(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) string {
		t.Helper()
		command := exec.Command(name, args...)
		command.Dir = dir
		output, err := command.Output()
		if err != nil {
			t.Fatalf("%s %v: %v", name, args, err)
		}
		return string(output)
	}
	script, err := os.ReadFile(filepath.Join("..", "tools", "inputs.sh"))
	if err != nil {
		t.Fatal(err)
	}
	write("tools/inputs.sh", script)
	write("main.go", []byte("package main"))
	write("removed.go", []byte("package main"))
	run("git", "init", "--quiet")
	run("git", "add", ".")
	hash := run("bash", "tools/inputs.sh")
	for _, c := range []struct {
		name    string
		changes bool
		change  func()
	}{
		{"nothing", false, func() {}},
		{"a doc", false, func() { write("docs/local.md", []byte("Local")); write("README.md", []byte("App")) }},
		{"a test in Go", false, func() { write("main_test.go", []byte("package main")) }},
		{"a source", true, func() { write("main.go", []byte("package main // changed")) }},
		{"a new source", true, func() { write("page/app.mjs", []byte("export {}")) }},
		{"a note that a handler embeds", true, func() { write("notes/a.md", []byte("A")) }},
		{"a removed source", true, func() { run("rm", "removed.go") }},
	} {
		c.change()
		now := run("bash", "tools/inputs.sh")
		if (now != hash) != c.changes {
			t.Errorf("%s: got the hash %s after %s", c.name, now, hash)
		}
		hash = now
	}
}

// Otherwise the CDK would be compiled twice.
func TestFlags_for_the_CDK_are_those_of_make(t *testing.T) {
	flags := map[string]string{}
	for _, name := range []string{"cdk.json", "AGENTS.md", filepath.Join("tools", "go.mk")} {
		data, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		flags[name] = regexp.MustCompile(`-gcflags=[^"'\\]+`).FindString(string(data))
	}
	for name, got := range flags {
		if want := flags[filepath.Join("tools", "go.mk")]; got == "" || got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// block is a code block with its language.
var block = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")

// missing is what Python prints when a package isn't installed.
var missing = regexp.MustCompile(`ModuleNotFoundError: No module named '(\w+)'`)

// keys are those that `cloudfurl local` prints.
var keys = []string{"AWS_ACCESS_KEY_ID=AKIALOCL111122223333", "AWS_SECRET_ACCESS_KEY=local/cloudfurl/secret/key/of/no/account"}

// checkDocs runs the lines of docs/clients.md, which call this example, and those of the
// README of the client's package.
func checkDocs(t *testing.T, edge *localtest.Edge) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "clients.md"))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(client, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	page = append(page, readme...)
	urls := strings.NewReplacer("http://127.0.0.1:23875", edge.URL, "http://127.0.0.1:23876", edge.FunctionURL)
	for i, found := range block.FindAllStringSubmatch(string(page), -1) {
		language, code := found[1], urls.Replace(found[2])
		name := fmt.Sprintf("block %d, %s", i+1, language)
		switch {
		case strings.Contains(code, "PRIVATE_KEY") || strings.Contains(code, "private.pem"):
			// checkSigners runs these.
		case strings.Contains(code, "import openai") || strings.Contains(code, "import OpenAI"):
			// The clients of examples/openai do the same with these packages.
		case language == "console" && !strings.Contains(code, "$ make "):
			t.Run(name, func(t *testing.T) { checkConsole(t, code) })
		case language == "python":
			t.Run(name, func(t *testing.T) { checkProgram(t, "python3", "main.py", code, "hello\nworld\n") })
		case language == "js" && strings.Contains(code, "ResponseError"):
			t.Run(name, func(t *testing.T) {
				checkProgram(t, "node", "main.mjs", code, "message hello\nmessage world\nhello\nagain\n")
			})
		case language == "js" && strings.Contains(code, "eventSource"):
			t.Run(name, func(t *testing.T) { checkProgram(t, "node", "main.mjs", code, "1\n4\n9\n1 hello\n2 world\n") })
		case language == "js":
			t.Run(name, func(t *testing.T) { checkProgram(t, "node", "main.mjs", code, "hello\nworld\n\n") })
		}
	}
}

// checkConsole runs the commands of a block, and compares what they print with
// its other lines.
func checkConsole(t *testing.T, code string) {
	var commands, want strings.Builder
	continued := false
	for line := range strings.Lines(code) {
		command, ok := strings.CutPrefix(line, "$ ")
		if ok || continued {
			commands.WriteString(command)
			continued = strings.HasSuffix(line, "\\\n")
		} else {
			want.WriteString(line)
		}
	}
	check(t, t.TempDir(), want.String(), "bash", "-euc", commands.String())
}

// client is the directory of the package @cloudfurl/client.
var client = filepath.Join("..", "..", "client")

// checkProgram runs a program in a project that has the client's package.
func checkProgram(t *testing.T, interpreter, file, code, want string) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "node_modules", "@cloudfurl", "client"), os.DirFS(client)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, file), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	check(t, dir, want, interpreter, file)
}

// check runs a command with the credentials of the edge. It skips the test if the
// machine lacks the command or a package of Python.
func check(t *testing.T, dir, want, name string, args ...string) {
	if _, err := exec.LookPath(name); err != nil {
		t.Skip(err)
	}
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = dir
	command.Env = append(append(os.Environ(), keys...), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	output, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		if found := missing.FindSubmatch(failed.Stderr); found != nil {
			t.Skipf("Python has no package %s here", found[1])
		}
		t.Fatalf("%v\n%s", err, failed.Stderr)
	}
	if err != nil || string(output) != want {
		t.Errorf("got %q (%v), want %q", output, err, want)
	}
}

package infra

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

// startScript is the name of the script that starts an app.
const startScript = "cloudfurl-start.sh"

// A start is what Lambda starts: the file, and its content unless the directory
// has it.
type start struct {
	handler string
	script  *bundle.Script
}

// newStart returns what Lambda starts for a command. It panics with an *Error if
// the command is empty, or a script that Lambda couldn't start.
func newStart(scope constructs.Construct, dir, command string, runtime languageRuntime) start {
	command = strings.TrimSpace(command)
	if command == "" {
		construct.Fail(scope, nil, "WebAppHandler got no Command: give what starts the app in %s, such as %s", dir, runtime.example())
	}
	if isScript(dir, command) {
		name := path.Clean(command)
		checkScript(scope, dir, name)
		return start{handler: name}
	}
	if hasFile(dir, startScript) {
		construct.Fail(scope, nil, `%s has a file %s, which is the name of the script that WebAppHandler writes for Command: rename it, or give it as Command`, dir, startScript)
	}
	return start{startScript, &bundle.Script{Name: startScript, Content: startScriptOf(command, runtime)}}
}

// isScript reports whether a command is the name of a script in a directory, or
// looks like one.
func isScript(dir, command string) bool {
	if strings.ContainsAny(command, " \t\n$;&|") {
		return false
	}
	return hasFile(dir, command) || strings.HasSuffix(command, ".sh") && !path.IsAbs(command)
}

// checkScript panics with an *Error unless Lambda can start a script of a
// directory.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/zip-packages.md
func checkScript(scope constructs.Construct, dir, name string) {
	file := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Stat(file)
	if err != nil {
		construct.Fail(scope, nil, "got Command %q, and %s has no such script: write it, or give a shell command", name, dir)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		construct.Fail(scope, nil, "got Command %q, which can't be read: %v", name, err)
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	switch {
	case !bytes.HasPrefix(first, []byte("#!")):
		construct.Fail(scope, nil, `got Command %q, whose first line doesn't name what runs it: begin it with "#!/bin/sh", or give a shell command`, name)
	case bytes.HasSuffix(first, []byte("\r")):
		construct.Fail(scope, nil, "got Command %q, whose lines end as on Windows, which Linux can't start: save it with LF", name)
	case info.Mode().Perm()&0o111 == 0:
		construct.Fail(scope, nil, "got Command %q, which isn't executable: run chmod +x %s", name, file)
	}
}

// Search paths of the two languages in Lambda, where packages of the app come before
// those of layers and of the runtime.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html#packaging-layers-paths
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
const (
	pythonSearchPaths = `export PATH="$LAMBDA_TASK_ROOT/bin:$PATH"
export PYTHONPATH="$LAMBDA_TASK_ROOT:/opt/python:/opt/python/lib/pythonVERSION/site-packages${PYTHONPATH:+:$PYTHONPATH}${LAMBDA_RUNTIME_DIR:+:$LAMBDA_RUNTIME_DIR}"
`
	nodeSearchPath = `export PATH="$LAMBDA_TASK_ROOT/node_modules/.bin:$PATH"
`
)

// startScriptOf returns the script that runs a command.
func startScriptOf(command string, runtime languageRuntime) string {
	paths := nodeSearchPath
	if runtime.python != "" {
		paths = strings.Replace(pythonSearchPaths, "VERSION", runtime.python, 1)
	}
	return "#!/bin/sh\n" + paths + shellLine(command) + "\n"
}

var (
	// simpleWord matches the name of a program.
	simpleWord = regexp.MustCompile(`^[\w./@+-]+$`)

	// shellWords are words that sh doesn't find as programs.
	shellWords = strings.Fields("exec cd export set unset eval if for while until case trap ulimit umask test true false source . :")
)

// shellLine returns a command so that its program replaces the shell and gets
// Lambda's signals, if it is one program.
func shellLine(command string) string {
	first := strings.Fields(command)[0]
	if strings.ContainsAny(command, ";&|\n`(){}") || !simpleWord.MatchString(first) || slices.Contains(shellWords, first) {
		return command
	}
	return "exec " + command
}

package code

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

// startScript is the name of the script that starts an app. Of an OS-only runtime it is
// that of the program.
const startScript = "cloudfurl-start.sh"

// A Start is what Lambda starts.
type Start struct {
	// Handler is the file.
	Handler string

	// Script is its content, or nil if the directory has it.
	Script *bundle.Script
}

// NewStart returns what Lambda starts for a command in a directory, or why it can't:
// the command is empty, or a file that Lambda couldn't start.
func NewStart(dir, command string, runtime Runtime) (Start, error) {
	command = strings.TrimSpace(command)
	if command == "" {
		return Start{}, fmt.Errorf("WebAppHandler got no Command: give what starts the app in %s, such as %s", dir, runtime.example())
	}
	script := startScript
	if runtime.family == osOnly {
		script = GoExecutable
	}
	if isScript(dir, command) {
		name := path.Clean(command)
		if err := checkScript(dir, name); err != nil || script != GoExecutable || name == script {
			return Start{Handler: name}, err
		}
		command = "./" + name
	}
	if hasFile(dir, script) {
		return Start{}, fmt.Errorf(`%s has a file %s, which is the name of the script that WebAppHandler writes for Command: rename it, or give it as Command`, dir, script)
	}
	return Start{script, &bundle.Script{Name: script, Content: startScriptOf(command, runtime)}}, nil
}

// isScript reports whether a command is the name of a script in a directory, or
// looks like one.
func isScript(dir, command string) bool {
	if strings.ContainsAny(command, " \t\n$;&|") {
		return false
	}
	return hasFile(dir, command) || strings.HasSuffix(command, ".sh") && !path.IsAbs(command)
}

// checkScript returns why Lambda can't start a script or program of a directory, or nil.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/zip-packages.md
func checkScript(dir, name string) error {
	file := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("got Command %q, and %s has no such script: write it, or give a shell command", name, dir)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("got Command %q, which can't be read: %w", name, err)
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	switch isProgram := bytes.HasPrefix(first, []byte(elf.ELFMAG)); {
	case !isProgram && !bytes.HasPrefix(first, []byte("#!")):
		return fmt.Errorf(`got Command %q, whose first line doesn't name what runs it: begin it with "#!/bin/sh", or give a shell command`, name)
	case !isProgram && bytes.HasSuffix(first, []byte("\r")):
		return fmt.Errorf("got Command %q, whose lines end as on Windows, which Linux can't start: save it with LF", name)
	case info.Mode().Perm()&0o111 == 0:
		return fmt.Errorf("got Command %q, which isn't executable: run chmod +x %s", name, file)
	}
	return nil
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
func startScriptOf(command string, runtime Runtime) string {
	paths := ""
	switch runtime.family {
	case python:
		paths = strings.Replace(pythonSearchPaths, "VERSION", runtime.version, 1)
	case nodejs:
		paths = nodeSearchPath
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

package code

import (
	"cmp"
	"errors"
	"fmt"
	"path"
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

// NewStart returns what Lambda starts for a command in a directory, or why it can't. The
// command may be a file of the directory.
func NewStart(dir, command string, runtime Runtime) (Start, error) {
	command = strings.TrimSpace(command)
	if command == "" {
		return Start{}, fmt.Errorf("WebAppHandler got no Command: set what starts the app in %s, such as %s", dir, runtime.example())
	}
	script := startScript
	if runtime.family == osOnly {
		script = GoExecutable
	}
	if hasFile(dir, command) {
		name := path.Clean(command)
		if name == script {
			return Start{Handler: name}, nil
		}
		command = "./" + name
	}
	if hasFile(dir, script) {
		return Start{}, fmt.Errorf(`%s has a file %s, which is the name of the script that WebAppHandler writes for Command: rename it, or set it as Command`, dir, script)
	}
	return Start{script, &bundle.Script{Name: script, Content: startScriptOf(command, runtime)}}, nil
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

// NewWebApp returns the code of the app in a directory that a command starts, or all
// that is wrong with what is given. The name of the runtime may be "".
func NewWebApp(dir, command, runtime string, machine Machine) (*App, error) {
	found, err := AppRuntime("WebAppHandler", dir, runtime)
	start, startErr := NewStart(dir, command, found)
	return &App{Dir: dir, Runtime: found, Machine: machine, Files: []string{start.Handler}, Script: start.Script}, errors.Join(err, startErr)
}

// NewGoApp is NewWebApp for an app whose program is a Go main package.
func NewGoApp(dir, goPackage, command, runtime string, machine Machine) (*App, error) {
	app := &App{Dir: dir, Machine: machine, Files: []string{GoExecutable}, Go: &GoBuild{Package: goPackage, Dir: dir, Machine: machine}}
	var err error
	if app.Runtime, err = AppRuntime("WebAppHandler", dir, cmp.Or(runtime, DefaultOSOnly)); err == nil && app.Runtime.StartsScripts() {
		err = fmt.Errorf("WebAppHandler got GoPackage and Runtime %s: leave out Runtime, since a program runs on an OS-only one", runtime)
	}
	if command != "" {
		err = errors.Join(err, errors.New("WebAppHandler got GoPackage and Command: leave out one of them"))
	}
	return app, err
}

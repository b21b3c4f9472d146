package lambda

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// resolveLimit bounds how long an interpreter may take to print its path.
const resolveLimit = 10 * time.Second

// An interpreter is a kind of program that runs handlers.
type interpreter struct {
	language string
	names    []string // looked up in PATH, the best first and the usual one last
	self     []string // arguments that make it print its path and version
	commands []string // what the runtime calls it
}

// A foundInterpreter is an interpreter on this machine.
type foundInterpreter struct {
	program string
	version string
}

// find returns the first of the names in PATH that runs.
func (i interpreter) find(c Config) (foundInterpreter, error) {
	for _, name := range i.names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if program, err := i.resolve(path); err == nil {
			return program, nil
		}
	}
	return foundInterpreter{}, fault.In("Runtime", fault.New("install "+i.language,
		"runtime %s needs %s, and no %s in PATH runs", c.Runtime, i.language, i.names[len(i.names)-1]))
}

var resolved sync.Map // from the path in PATH to the foundInterpreter

// resolve returns the program itself where path is a version manager's script,
// which needs variables that a handler's environment doesn't have.
func (i interpreter) resolve(path string) (foundInterpreter, error) {
	if found, known := resolved.Load(path); known {
		return found.(foundInterpreter), nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), resolveLimit)
	defer cancel()
	output, err := exec.CommandContext(ctx, path, i.self...).Output()
	if err != nil {
		return foundInterpreter{}, err
	}
	program, version, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	if !filepath.IsAbs(program) {
		return foundInterpreter{}, fmt.Errorf("%s printed %q, not its absolute path", path, program)
	}
	found := foundInterpreter{program, strings.TrimSpace(version)}
	resolved.Store(path, found)
	return found, nil
}

// install writes the commands of the interpreter into a new directory bin of dir.
// They are scripts, because a virtual environment isn't found through a link.
func (i interpreter) install(found foundInterpreter, dir string) (string, error) {
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		return "", err
	}
	script := "#!/bin/sh\nexec '" + strings.ReplaceAll(found.program, "'", `'\''`) + "' \"$@\"\n"
	for _, name := range i.commands {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			return "", err
		}
	}
	return bin, nil
}

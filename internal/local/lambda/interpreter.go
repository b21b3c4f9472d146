package lambda

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// resolveLimit bounds how long an interpreter may take to print its path.
const resolveLimit = 10 * time.Second

// An interpreter is a program that runs handlers.
type interpreter struct {
	language string
	names    []string // looked up in PATH, the best first
	self     []string // arguments that make it print its own path
}

// find returns the path of the first name in PATH that runs.
func (i interpreter) find(c Config) (string, error) {
	for _, name := range i.names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if program, err := i.resolve(path); err == nil {
			return program, nil
		}
	}
	return "", fault.In("Runtime", fault.New("install "+i.language,
		"runtime %s needs %s, and no %s in PATH runs", c.Runtime, i.language, strings.Join(i.names, " or ")))
}

var resolved sync.Map // from the path in PATH to the program itself

// resolve returns the program itself where path is a version manager's script,
// which needs variables that a handler's environment doesn't have.
func (i interpreter) resolve(path string) (string, error) {
	if program, known := resolved.Load(path); known {
		return program.(string), nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), resolveLimit)
	defer cancel()
	output, err := exec.CommandContext(ctx, path, i.self...).Output()
	if err != nil {
		return "", err
	}
	program := strings.TrimSpace(string(output))
	if !filepath.IsAbs(program) {
		return "", fmt.Errorf("%s printed %q, not its absolute path", path, program)
	}
	resolved.Store(path, program)
	return program, nil
}

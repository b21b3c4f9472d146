package lambda

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// resolveLimit bounds how long an interpreter may take to name itself.
const resolveLimit = 10 * time.Second

// An interpreter is a program that runs handlers.
type interpreter struct {
	language string
	field    string   // of Config, that names another
	names    []string // looked for in PATH, the best first
	self     []string // arguments that make it print its own path
}

// find returns the path of the program given, or of the first name in PATH.
func (i interpreter) find(c Config, given string) (string, error) {
	candidates := i.names
	if given != "" {
		candidates = []string{given}
	}
	for _, candidate := range candidates {
		path, err := exec.LookPath(candidate)
		if err != nil {
			continue
		}
		resolved, err := i.resolve(path)
		if err != nil && given == "" {
			continue // a version manager's stand-in for what is not installed
		}
		if err != nil {
			return "", fmt.Errorf("lambda: function %s: %s does not run: %w; set %s to a program that does", c.Name, path, err, i.field)
		}
		return resolved, nil
	}
	return "", fmt.Errorf("lambda: function %s: runtime %s needs %s, but found no %s in PATH; install it (in code: set %s)",
		c.Name, c.Runtime, i.language, strings.Join(candidates, " or "), i.field)
}

var resolved sync.Map // from the path in PATH to the program itself

// resolve returns the program itself where path is a version manager's script:
// those need variables that a handler's environment does not have.
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
		return "", fmt.Errorf("it names itself %q, which is no absolute path", program)
	}
	resolved.Store(path, program)
	return program, nil
}

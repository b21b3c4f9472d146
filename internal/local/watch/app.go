package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// contextOfCLI is what the CDK CLI adds to the context of every app, of what
// changes the assembly: names of constructs in the templates, and code built for
// all stacks.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cx_api-readme.html
// Seen: contextFromSettings in aws-cdk 2.1148.1.
var contextOfCLI = map[string]any{
	"aws:cdk:enable-path-metadata":              true,
	"aws:cdk:enable-asset-metadata":             true,
	"aws:cdk:bundling-stacks":                   []string{"**"},
	"@aws-cdk/core:failSynthOnValidationErrors": false,
}

// contextOfMachine has infra.GoHandler build handlers for this machine.
var contextOfMachine = map[string]any{
	"cloudfurl:goos":   runtime.GOOS,
	"cloudfurl:goarch": runtime.GOARCH,
}

// withoutValidation has the CDK leave out the validation of templates by
// CloudFormation's rules, which takes most of the time of a synthesis and is for
// deployments.
//
// Seen: the CDK CLI sets it for --no-validation; 2.270 reads it.
const withoutValidation = "CDK_VALIDATION=false"

// maxContextVariable is the size, in bytes, from which the context travels by a
// file, as the CDK CLI has it: Linux takes variables of 128 KB at most.
//
// See: https://man7.org/linux/man-pages/man2/execve.2.html
const maxContextVariable = 96 << 10

// An App is a CDK app that is run again when its sources change.
type App struct {
	dir     string
	command string
	context map[string]string
	log     *slog.Logger
	sources atomic.Pointer[sources]

	mu   sync.Mutex
	said map[string]bool // the output of a run that succeeded
}

// ErrNoCommand tells that nothing says how to run an app.
var ErrNoCommand = errors.New("names no command that synthesizes the app")

// NewApp returns the app whose cdk.json is in dir. The command line and the
// context given here go before those of cdk.json; the command may be empty if
// cdk.json has one, and is ErrNoCommand if not.
func NewApp(dir, command string, context map[string]string, log *slog.Logger) (*App, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	a := &App{dir: absolute, command: command, context: context, log: log, said: map[string]bool{}}
	s, err := a.read()
	if err != nil {
		return nil, err
	}
	if s.App == "" {
		return nil, fmt.Errorf(`%s %w: it has no "app"`, filepath.Join(absolute, "cdk.json"), ErrNoCommand)
	}
	return a, nil
}

// Root returns the directory that is watched: the one of the Go module that the
// app is in, or that of cdk.json.
func (a *App) Root() string {
	return a.sources.Load().root
}

// Keep says whether a file is a source of the app, or a directory may hold some:
// what the patterns "watch" of cdk.json say, without node_modules, cdk.out, names
// that begin with a dot, executables in bin, Go tests, and backups.
func (a *App) Keep(path string, isDir bool) bool {
	return a.sources.Load().keep(path, isDir)
}

// Name returns the word for what the app makes.
func (a *App) Name() string {
	return "the app"
}

// Prepare runs the app and returns the directory below temp that it synthesized
// to. A command that fails is a *CommandError.
func (a *App) Prepare(ctx context.Context, temp string) (string, error) {
	s, err := a.read()
	if err != nil {
		return "", err
	}
	variables, err := a.variables(s, temp)
	if err != nil {
		return "", err
	}
	output := filepath.Join(temp, "cdk.out")
	variables = append(variables, "CDK_OUTDIR="+output)
	for _, line := range []string{s.Build, s.App} {
		if line == "" {
			continue
		}
		a.log.Info("synthesizing: " + line)
		written, err := runShell(ctx, line, a.dir, variables)
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if err != nil {
			return "", &CommandError{Command: line, Output: a.unsaid(written), Err: err}
		}
		a.say(written)
	}
	return output, nil
}

// read reads cdk.json as it is now.
func (a *App) read() (settings, error) {
	s, err := readSettings(a.dir)
	if err != nil {
		return s, err
	}
	if a.command != "" {
		s.App = a.command
	}
	found := &sources{root: moduleRoot(a.dir), dir: a.dir}
	if found.include, err = s.Watch.Include.compile(); err != nil {
		return s, fmt.Errorf("%s: watch.include: %w", filepath.Join(a.dir, "cdk.json"), err)
	}
	if found.exclude, err = s.Watch.Exclude.compile(); err != nil {
		return s, fmt.Errorf("%s: watch.exclude: %w", filepath.Join(a.dir, "cdk.json"), err)
	}
	a.sources.Store(found)
	return s, nil
}

// variables returns the environment of the command. What the command would leave
// behind in the system's directory for such things goes below temp.
func (a *App) variables(s settings, temp string) ([]string, error) {
	values := maps.Clone(contextOfCLI)
	maps.Copy(values, contextOfMachine)
	maps.Copy(values, s.Context)
	for key, value := range a.context {
		values[key] = value
	}
	scratch := filepath.Join(temp, "tmp")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return nil, err
	}
	variables := append(os.Environ(), "TMPDIR="+scratch, withoutValidation)
	data, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	if len(data) < maxContextVariable {
		return append(variables, "CDK_CONTEXT_JSON="+string(data)), nil
	}
	overflow := filepath.Join(temp, "context.json")
	return append(variables, "CDK_CONTEXT_JSON={}", "CONTEXT_OVERFLOW_LOCATION_ENV="+overflow), os.WriteFile(overflow, data, 0o600)
}

// say logs the lines of a run that succeeded, but for those that the run before
// said too: a CDK app repeats its notices at each synthesis.
func (a *App) say(written string) {
	for _, line := range a.unsaid(written) {
		a.log.Info(line, "source", "app")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.said)
	for line := range strings.Lines(written) {
		a.said[strings.TrimRight(line, "\r\n")] = true
	}
}

// unsaid returns the lines that the last run that succeeded did not say.
func (a *App) unsaid(written string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var lines []string
	for line := range strings.Lines(written) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !a.said[line] {
			lines = append(lines, line)
		}
	}
	return lines
}

// A CommandError is a command of the app that failed.
type CommandError struct {
	// Command is the command line.
	Command string

	// Output is what it wrote, by line: the compiler's words, if it did not
	// compile.
	Output []string

	// Err is how it ended.
	Err error
}

// Error says which command failed, and how.
func (e *CommandError) Error() string {
	return fmt.Sprintf("the app did not synthesize: %s: %v", e.Command, e.Err)
}

// Unwrap returns how the command ended.
func (e *CommandError) Unwrap() error {
	return e.Err
}

// moduleRoot returns the directory of the Go module that dir is in, or dir.
func moduleRoot(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); !errors.Is(err, fs.ErrNotExist) {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An App is a CDK app that runs again when its sources change.
type App struct {
	dir     string
	command string
	context map[string]string
	log     *slog.Logger
	sources atomic.Pointer[sources]
	said    map[string]bool // lines of the last run that succeeded
}

// NewApp returns the app whose cdk.json is in dir. The command line and the
// context given here win over those of cdk.json. Without a command here and
// there it returns an error.
func NewApp(dir, command string, context map[string]string, log *slog.Logger) (*App, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	a := &App{dir: absolute, command: command, context: context, log: log, said: map[string]bool{}}
	_, err = a.read()
	return a, err
}

// Root returns the directory to watch: that of the Go module that the app is in,
// that of cdk.json, or one above that its patterns name.
func (a *App) Root() string {
	return a.sources.Load().root
}

// Keep reports whether a file is a source of the app, or a directory may hold
// sources. The file that this process writes its output to is not a source.
func (a *App) Keep(path string, isDir bool) bool {
	return a.sources.Load().keep(path, isDir) && !isOutput(path)
}

// isOutput reports whether a file is that of this process's standard output or
// error, such as nohup.out: each line in it would be a change.
func isOutput(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	return slices.ContainsFunc([]*os.File{os.Stdout, os.Stderr}, func(file *os.File) bool {
		output, err := file.Stat()
		return err == nil && os.SameFile(info, output)
	})
}

// Synthesize runs the app and returns the directory below temp that it
// synthesized to. The error of a command that fails has an *exec.ExitError.
func (a *App) Synthesize(ctx context.Context, temp string) (string, error) {
	s, err := a.read()
	if err != nil {
		return "", err
	}
	variables, err := environment(s, a.context, temp)
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
		written, err := runShell(ctx, line, a.dir, variables, a.log)
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if err != nil {
			return "", commandError(line, a.unsaid(written), err)
		}
		a.say(written)
	}
	return output, nil
}

func (a *App) read() (settings, error) {
	s, err := readSettings(a.dir)
	if err != nil {
		return s, err
	}
	if s.App = cmp.Or(a.command, s.App); s.App == "" {
		return s, fault.At(filepath.Join(a.dir, "cdk.json"), fault.New("set the app's command with --app", `no "app" is defined`))
	}
	a.sources.Store(newSources(a.dir, s.Watch.Include, s.Watch.Exclude))
	return s, nil
}

// say logs the output of a run that succeeded, without the lines that the last
// run wrote too: a CDK app repeats its notices at each synthesis.
func (a *App) say(written string) {
	for _, line := range a.unsaid(written) {
		a.log.Info(line, "source", "app")
	}
	clear(a.said)
	for _, line := range lines(written) {
		a.said[line] = true
	}
}

// unsaid returns the lines that the last run that succeeded didn't write.
func (a *App) unsaid(written string) []string {
	return slices.DeleteFunc(lines(written), func(line string) bool { return a.said[line] })
}

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
}

// notFound is how shells and Go say that a program is missing.
var notFound = regexp.MustCompile(`exec: "([^"/]+)": executable file not found|: ([\w.-]+): (?:command )?not found`)

// downloads are where programs are from.
var downloads = map[string]string{"go": "https://go.dev/dl", "node": "https://nodejs.org", "npm": "https://nodejs.org", "npx": "https://nodejs.org", "python3": "https://www.python.org", "uv": "https://docs.astral.sh/uv"}

// commandError returns why a command of the app failed, in the words that it wrote.
func commandError(command string, output []string, err error) *fault.Error {
	output = slices.DeleteFunc(output, func(line string) bool { return line == err.Error() }) // go run's
	text := strings.TrimPrefix(strings.Join(output, "\n"), "error: ")
	failed := &fault.Error{Problem: text, Hint: "correct that: the app runs again when a source is saved", Err: err}
	if found := notFound.FindStringSubmatch(text); found != nil {
		program := found[1] + found[2]
		failed.Hint = strings.TrimSuffix("install "+program+", or start cloudfurl with its directory in PATH; it is from "+downloads[program], "; it is from ")
	} else if text == "" {
		failed.Problem = fmt.Sprintf("%s: %v", command, err)
	}
	return failed
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

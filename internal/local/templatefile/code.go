package templatefile

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// A code is the code of a function or the content of a layer.
type code struct {
	id, path, template string
	runtime, method    string // of a function, and BuildMethod of Metadata
	layer, asIs        bool
	temp               string
	log                *slog.Logger
}

// open returns the code as it runs: the path that the template names, or what is made
// of that.
func (c code) open() (assembly.Asset, error) {
	info, err := os.Stat(c.path)
	switch {
	case c.asIs && (err != nil || info.IsDir()):
		return assembly.Asset{Path: c.path, Packaging: assembly.PackagingZip}, nil
	case err != nil:
		return assembly.Asset{}, c.unavailable("correct the path in the template, or build what it names", fmt.Errorf("there is no %s", c.path))
	case !info.IsDir():
		return assembly.Asset{Path: c.path, Packaging: assembly.PackagingFile}, nil
	}
	made := assembly.Asset{Path: c.path, Packaging: assembly.PackagingZip}
	make := c.maker()
	if make == nil {
		return made, nil
	}
	if c.temp != "" {
		err = os.MkdirAll(c.temp, 0o700)
	}
	if err == nil {
		made.Path, err = os.MkdirTemp(c.temp, "code")
	}
	if err != nil {
		return made, err
	}
	if err := make(made.Path); err != nil {
		return made, c.unavailable("run sam build, and give --template .aws-sam/build/template.yaml", err)
	}
	return made, nil
}

func (c code) unavailable(hint string, err error) error {
	return &fault.Error{Problem: err.Error(), Hint: hint, Err: assembly.ErrUnsupported}
}

// built matches the directory that sam build writes to.
var built = regexp.MustCompile(`[/\\]\.aws-sam[/\\]`)

// maker returns what makes code for this machine in an empty directory, nil if it runs
// as it is.
//
// See: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
func (c code) maker() func(dir string) error {
	method := strings.ToLower(c.method)
	if method == "" && !c.layer {
		method = c.runtime
	}
	switch {
	case built.MatchString(c.template):
		return nil
	case strings.HasPrefix(method, "python"):
		if c.has("requirements.txt") || c.has("uv.lock") {
			return c.makePython
		}
	case strings.HasPrefix(method, "nodejs"):
		if c.has("package.json") && !c.has("node_modules") {
			return c.makeNode
		}
	case method == "go1.x", strings.HasPrefix(method, "provided") && c.has("go.mod") && !c.has("bootstrap"):
		return c.makeGo
	case c.method != "":
		return func(string) error { return fmt.Errorf("its BuildMethod %s isn't supported locally", c.method) }
	}
	return nil
}

func (c code) has(name string) bool {
	_, err := os.Stat(filepath.Join(c.path, name))
	return err == nil
}

// makePython copies the code, with packages for the Python of this machine.
func (c code) makePython(dir string) error {
	_, version, err := python(c.runtime, strings.ToLower(c.method), bundle.PythonProgram)
	if err != nil {
		return err
	}
	return c.bundle(bundle.App{Python: &bundle.Python{Version: version, Native: true}}, dir, "python")
}

// python returns the first of some programs of this machine that is a Python, and its
// version.
func python(names ...string) (program, version string, err error) {
	for _, name := range names {
		if !strings.HasPrefix(name, "python") {
			continue
		}
		if version, err = bundle.PythonVersion(name); err == nil {
			return name, version, nil
		}
	}
	return "", "", errors.New("no python3 in PATH runs: install it from https://www.python.org")
}

func (c code) makeNode(dir string) error {
	return c.bundle(bundle.App{Node: bundle.NodeOf(runtime.GOOS, runtime.GOARCH)}, dir, "nodejs")
}

// bundle makes code with packages. In a layer, they have a directory of their own.
func (c code) bundle(app bundle.App, dir, ofLayer string) error {
	if c.layer {
		dir = filepath.Join(dir, ofLayer)
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	app.Dir, app.Exclude, app.Cache = c.path, []string{".aws-sam"}, bundle.UserCache()
	c.log.Info(c.id + " gets the packages of " + c.path)
	return app.Write(dir)
}

// exe is the extension of this machine's programs.
var exe = map[string]string{"windows": ".exe"}[runtime.GOOS]

// makeGo compiles the code for this machine, as sam build does for Lambda.
//
// See: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
func (c code) makeGo(dir string) error {
	c.log.Info(c.id + " is compiled: go build in " + c.path)
	command := exec.Command("go", "build", "-o", filepath.Join(dir, "bootstrap"+exe), ".")
	command.Dir, command.Env = c.path, append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build in %s: %w\n%s", c.path, err, output)
	}
	return nil
}

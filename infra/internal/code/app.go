package code

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

// An App is the code of an app: its files, its packages of Python or Node.js, and its
// program of Go.
type App struct {
	Dir     string
	Runtime Runtime
	Machine Machine

	// Files are what Lambda starts: one of them has to be part of the code.
	Files  []string
	Script *bundle.Script

	// Go makes the program of an app in Go, whose sources aren't part of the code. It is
	// nil for others.
	Go *GoBuild

	// Exclude says which files of Dir aren't part of the code.
	Exclude []string

	bundle bundle.App
}

// Prepare returns why the app's dependencies can't be installed, as far as its files
// say, or nil. It has to be called before the other methods.
func (a *App) Prepare() (err error) {
	a.bundle = bundle.App{
		Dir:     a.Dir,
		CPUs:    a.Machine.cpus(),
		Exclude: a.Exclude,
		Script:  a.Script,
		Cache:   bundle.UserCache(),
	}
	switch {
	case a.Go != nil:
		a.bundle.Exclude = append([]string{"*.go", "go.mod", "go.sum", "/vendor/"}, a.Exclude...)
		err = a.Go.Prepare()
	case a.Runtime.family == python:
		a.bundle.Python, err = a.Machine.pythonTarget(a.Runtime.version)
	case a.Runtime.family == nodejs:
		a.bundle.Node = a.Machine.nodeTarget()
	}
	if err != nil {
		return err
	}
	return a.bundle.Check()
}

// Directory returns the directory of the app.
func (a *App) Directory() string { return a.Dir }

// Key returns what determines the code, besides the files and packages.
func (a *App) Key() []string {
	script := ""
	if a.Script != nil {
		script = a.Script.Content
	}
	key := append([]string{fmt.Sprintf("%+v %+v", a.bundle.Python, a.bundle.Node), script}, a.Exclude...)
	if a.Go != nil {
		key = append(key, a.Go.Key()...)
	}
	return key
}

// Write makes the code in outputDir, which is below the assembly.
func (a *App) Write(outputDir string) error {
	// The assembly isn't part of the app.
	a.bundle.Assembly = filepath.Dir(outputDir)
	if err := a.bundle.Write(outputDir); err != nil {
		return err
	}
	if a.Go != nil {
		if err := a.Go.Write(outputDir); err != nil {
			return err
		}
	}
	if !hasFile(outputDir, a.Files...) {
		return fmt.Errorf("the code of %s has no %s, which Lambda starts: correct Exclude", a.Dir, a.Files[0])
	}
	return nil
}

// Warnings returns what may go wrong with the code that was written.
func (a *App) Warnings() []string { return a.bundle.Warnings() }

// CheckDirectory returns why what a construct or a handler serves can't be in a
// directory, or nil.
func CheckDirectory(handler, dir string) error {
	if dir == "" {
		return fmt.Errorf(`%s got no directory: set the one that has the files, such as "./app"`, handler)
	}
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		return fmt.Errorf("%s got the directory %s, which doesn't exist in %s: correct the path, or build it first", handler, dir, workingDirectory())
	case err != nil:
		return fmt.Errorf("%s got the directory %s, which can't be read: %w", handler, dir, err)
	case !info.IsDir():
		return fmt.Errorf("%s got %s, which is a file: pass the directory that holds it", handler, dir)
	}
	return nil
}

func hasFile(dir string, names ...string) bool {
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil && !info.IsDir() {
			return true
		}
	}
	return false
}

func workingDirectory() string {
	dir, err := os.Getwd()
	if err != nil {
		return "the working directory"
	}
	return dir
}

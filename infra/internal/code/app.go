package code

import (
	"fmt"
	"path/filepath"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// An App is the code of an app in Python or Node.js, with its packages.
type App struct {
	Dir     string
	Runtime Runtime
	Machine Machine

	// Files are what Lambda starts: one of them has to be part of the code.
	Files  []string
	Script *bundle.Script

	// Exclude and IgnoreMode say which files of Dir aren't part of the code.
	Exclude    []string
	IgnoreMode string

	bundle bundle.App
}

// Prepare returns why the app's dependencies can't be installed, as far as its files
// say, or nil. It has to be called before the other methods.
func (a *App) Prepare() (err error) {
	a.bundle = bundle.App{
		Dir:     a.Dir,
		CPUs:    a.Machine.cpus(),
		Exclude: a.Exclude,
		Mode:    publish.Mode(a.IgnoreMode),
		Script:  a.Script,
		Cache:   bundle.UserCache(),
	}
	if a.Runtime.python != "" {
		a.bundle.Python, err = a.Machine.pythonTarget(a.Runtime.python)
	} else {
		a.bundle.Node, err = a.Machine.nodeTarget()
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
	return append([]string{fmt.Sprintf("%+v %+v", a.bundle.Python, a.bundle.Node), script, a.IgnoreMode}, a.Exclude...)
}

// Write makes the code in outputDir, which is below the assembly.
func (a *App) Write(outputDir string) error {
	// The assembly isn't part of the app.
	a.bundle.Assembly = filepath.Dir(outputDir)
	if err := a.bundle.Write(outputDir); err != nil {
		return err
	}
	if !hasFile(outputDir, a.Files...) {
		return fmt.Errorf("the code of %s has no %s, which Lambda starts: correct Exclude", a.Dir, a.Files[0])
	}
	return nil
}

// Warnings returns what may go wrong with the code that was written.
func (a *App) Warnings() []string { return a.bundle.Warnings() }

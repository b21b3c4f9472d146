package code

import (
	"fmt"
	"path/filepath"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// AppProps are what the code of an app is made of.
type AppProps struct {
	Dir     string
	Runtime Runtime
	Machine Machine

	// Files are what Lambda starts: one of them has to be part of the code.
	Files  []string
	Script *bundle.Script

	// Exclude and IgnoreMode say which files of Dir aren't part of the code.
	Exclude    []string
	IgnoreMode string
}

// An App is the code of an app in Python or Node.js, with its packages.
type App struct {
	props  AppProps
	bundle bundle.App
}

// NewApp returns the code of an app, or why its dependencies can't be installed.
func NewApp(props AppProps) (*App, error) {
	a := &App{props: props, bundle: bundle.App{
		Dir:     props.Dir,
		CPUs:    props.Machine.cpus(),
		Exclude: props.Exclude,
		Mode:    publish.Mode(props.IgnoreMode),
		Script:  props.Script,
		Cache:   bundle.UserCache(),
	}}
	var err error
	if props.Runtime.python != "" {
		a.bundle.Python, err = props.Machine.pythonTarget(props.Runtime.python)
	} else {
		a.bundle.Node, err = props.Machine.nodeTarget()
	}
	if err != nil {
		return nil, err
	}
	return a, a.bundle.Check()
}

// Directory returns the directory of the app.
func (a *App) Directory() string { return a.props.Dir }

// Key returns what determines the code, besides the files and packages.
func (a *App) Key() []string {
	script := ""
	if a.props.Script != nil {
		script = a.props.Script.Content
	}
	return append([]string{fmt.Sprintf("%+v %+v", a.bundle.Python, a.bundle.Node), script, a.props.IgnoreMode}, a.props.Exclude...)
}

// Write makes the code in outputDir, which is below the assembly.
func (a *App) Write(outputDir string) error {
	// The assembly isn't part of the app.
	a.bundle.Assembly = filepath.Dir(outputDir)
	if err := a.bundle.Write(outputDir); err != nil {
		return err
	}
	if !hasFile(outputDir, a.props.Files...) {
		return fmt.Errorf("the code of %s has no %s, which Lambda starts: correct Exclude", a.props.Dir, a.props.Files[0])
	}
	return nil
}

// Warnings returns what may go wrong with the code that was written.
func (a *App) Warnings() []string { return a.bundle.Warnings() }

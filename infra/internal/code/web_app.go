package code

import (
	"cmp"
	"errors"
	"fmt"
)

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

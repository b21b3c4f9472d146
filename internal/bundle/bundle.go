// Package bundle makes the code of a Lambda function from the directory of a
// Python or Node.js app: its files, its dependencies for the machine that the
// function runs on, and a script that starts it. The same sources give the same
// bytes on every machine, so deployments replace only code that changed.
//
// It runs uv and npm of this machine, without Docker. Left out: packages that
// have to be compiled, and other package managers.
package bundle

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// An App is what the code of a function is made of.
type App struct {
	// Dir is the app's directory.
	Dir string

	// Python is what packages of Python are installed for, or nil.
	Python *Python

	// Node is what packages of npm are installed for, or nil.
	Node *Node

	// CPUs are those that programs may be for, by Lambda's names: the function's, and
	// perhaps this machine's. Others are an error.
	CPUs []string

	// Exclude and Assembly say which files of Dir aren't part of the code, as in
	// publish.Rules.
	Exclude  []string
	Assembly string

	// Script starts the app. It is nil if Lambda's runtime does.
	Script *Script

	// Cache keeps installed packages.
	Cache Cache

	// omitted are warnings about files that Write left out.
	omitted []string
}

// A Script is an executable file that is added to the app's.
type Script struct {
	Name, Content string
}

// A dependencies is a set of packages and how to install them.
type dependencies interface {
	// key returns all that determines what is installed, or "" if that isn't
	// known.
	key() (string, error)

	// install writes the packages to an empty directory.
	install(dir string) error
}

// Check returns why the app's dependencies can't be installed, as far as its files
// say. It installs nothing.
func (a *App) Check() error {
	_, err := a.dependencies()
	return err
}

// dependencies returns the app's dependencies, or nil if it has none.
func (a *App) dependencies() (dependencies, error) {
	switch {
	case a.Python != nil:
		return a.Python.dependencies(a.Dir)
	case a.Node != nil:
		return a.Node.dependencies(a.Dir)
	}
	return nil, nil
}

// Write makes the code in output, an empty directory.
func (a *App) Write(output string) error {
	d, err := a.dependencies()
	if err != nil {
		return err
	}
	selection, err := publish.Select(a.Dir, a.rules())
	if err != nil {
		return err
	}
	// What has neither packages nor a script gets its program elsewhere.
	if len(selection.Files) == 0 && (a.Python != nil || a.Node != nil || a.Script != nil) {
		return errors.New(a.Dir + " has no files that aren't excluded: correct the directory, or Exclude")
	}
	a.omitted = selection.Warnings()
	if d != nil {
		if err := a.Cache.use(d, func(packages string) error { return copyTree(packages, output) }); err != nil {
			return err
		}
	}
	// The app's files win over those of packages, as they do in Python's path.
	if _, err := selection.Copy(output); err != nil {
		return err
	}
	if err := a.Script.write(output); err != nil {
		return err
	}
	return a.checkMachines(output, selection)
}

// rules returns which files of the directory are part of the code. npm's packages
// are if they aren't installed.
func (a *App) rules() publish.Rules {
	rules := publish.Rules{Exclude: a.Exclude, Assembly: a.Assembly}
	if a.Node == nil || exists(a.Dir, packageLock) {
		rules.Exclude = append([]string{"**/" + nodeModules}, a.Exclude...)
	}
	return rules
}

// write adds the script, if there is one.
func (s *Script) write(dir string) error {
	if s == nil {
		return nil
	}
	path := filepath.Join(dir, s.Name)
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("the app or one of its packages has a file %s, which is the name of the script that starts it: rename the file", s.Name)
	}
	return writeScript(path, []byte(s.Content))
}

func exists(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && !info.IsDir()
}

// Warnings returns sentences about files that Write left out, and about packages that
// can be installed, but perhaps not as the app expects.
func (a *App) Warnings() []string {
	d, _ := a.dependencies()
	packages, ok := d.(*npmPackages)
	if !ok || len(packages.scripted()) == 0 {
		return a.omitted
	}
	return append(slices.Clip(a.omitted), fmt.Sprintf("of the packages of %s, these have scripts that run when they are installed: %s. The scripts are left out, since they "+
		"would build for this machine: if a package fails in Lambda, use ImageHandler", a.Dir, strings.Join(packages.scripted(), ", ")))
}

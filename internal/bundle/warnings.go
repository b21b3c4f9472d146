package bundle

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Warnings returns sentences about files that were left out, and about dependencies
// that can be installed, but perhaps not as the app expects. After Write it knows
// which, and which packages others required.
func (a *App) Warnings() []string {
	return slices.Concat(a.omitted, a.warningsOfDependencies())
}

func (a *App) warningsOfDependencies() []string {
	d, err := a.dependencies()
	if err != nil {
		return nil
	}
	switch d := d.(type) {
	case *requirements:
		if names := d.unpinned(a.installed); len(names) > 0 && d.name == requirementsFile {
			return []string{fmt.Sprintf("%s of %s gives no version of %s, so the same sources can give other packages on another day or machine: "+
				"pin all packages, such as by pip freeze, pip-compile or uv", requirementsFile, a.Dir, strings.Join(names, ", "))}
		}
	case *npmPackages:
		if names := d.scripted(); len(names) > 0 {
			return []string{fmt.Sprintf("of the packages of %s, these have scripts that run when they are installed: %s. The scripts are left out, since they "+
				"would build for this machine: if a package fails in Lambda, use ImageHandler", a.Dir, strings.Join(names, ", "))}
		}
	}
	return nil
}

// packagesIn returns the names of the packages of Python in a directory.
func packagesIn(dir string) []string {
	infos, _ := filepath.Glob(filepath.Join(dir, "*.dist-info"))
	var names []string
	for _, info := range infos {
		name, _, _ := strings.Cut(filepath.Base(info), "-")
		names = append(names, packageName(name))
	}
	return names
}

package bundle

import (
	"fmt"
	"strings"
)

// Warnings returns sentences about dependencies that can be installed, but perhaps
// not as the app expects.
func (a *App) Warnings() []string {
	d, err := a.dependencies()
	if err != nil {
		return nil
	}
	switch d := d.(type) {
	case *requirements:
		if names := d.unpinned(); len(names) > 0 {
			return []string{fmt.Sprintf("%s of %s gives no version of %s, so the same sources can give other packages on another day or machine: "+
				"pin all versions, by pip freeze, pip-compile or uv", requirementsFile, a.Dir, strings.Join(names, ", "))}
		}
	case *npmPackages:
		if names := d.scripted(); len(names) > 0 {
			return []string{fmt.Sprintf("the packages %s of %s run a script when they are installed, which is left out since it would build for this machine: "+
				"if they fail in Lambda, use ImageHandler", strings.Join(names, ", "), a.Dir)}
		}
	}
	return nil
}

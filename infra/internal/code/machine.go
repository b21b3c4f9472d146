package code

import (
	"cmp"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

// A Machine is what code is made for: Lambda's with an architecture, or, for the
// local edge, this one.
type Machine struct {
	// Architecture is Lambda's name of the function's, such as arm64.
	Architecture string

	// GOOS, GOARCH and Python are those of the local edge's machine.
	//
	// Default: Lambda's
	GOOS, GOARCH, Python string
}

var goArchitectures = map[string]string{"arm64": "arm64", "x86_64": "amd64"}

// Check returns why no function has the architecture, or nil. The other methods need one
// that has passed.
func (m Machine) Check() error {
	if goArchitectures[m.Architecture] == "" {
		known := slices.Sorted(maps.Keys(goArchitectures))
		return fmt.Errorf("got architecture %s: use one of %s", m.Architecture, strings.Join(known, ", "))
	}
	return nil
}

// Platform returns the platform of the function's images, in the words of Docker.
func (m Machine) Platform() string { return "linux/" + goArchitectures[m.Architecture] }

func (m Machine) goOS() string { return cmp.Or(m.GOOS, "linux") }

// extension returns what names of programs end in.
func (m Machine) extension() string {
	if m.goOS() == "windows" {
		return ".exe"
	}
	return ""
}

func (m Machine) goArchitecture() string { return cmp.Or(m.GOARCH, goArchitectures[m.Architecture]) }

// cpus returns what programs of an app may be for, by Lambda's names: the function's
// CPU, and this machine's if the code is for the local edge.
func (m Machine) cpus() []string {
	names := []string{m.Architecture}
	local := m.GOARCH
	if local == "" && m.Python != "" {
		local = runtime.GOARCH
	}
	for name, goName := range goArchitectures {
		if goName == local {
			names = append(names, name)
		}
	}
	return names
}

// pythonTarget returns what packages of Python are installed for.
func (m Machine) pythonTarget(version string) (*bundle.Python, error) {
	if m.Python != "" {
		return &bundle.Python{Version: m.Python, Native: true}, nil
	}
	if system := m.goOS(); system != "linux" {
		return nil, fmt.Errorf("got the context key cloudfurl:goos %s and no cloudfurl:python: set that to the version of this machine's python3, such as %s", system, version)
	}
	return &bundle.Python{Version: version, Architecture: m.Architecture}, nil
}

// nodeTarget returns what packages of npm are installed for.
func (m Machine) nodeTarget() *bundle.Node { return bundle.NodeOf(m.goOS(), m.goArchitecture()) }

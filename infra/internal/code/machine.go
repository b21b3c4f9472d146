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

// goArchitectures maps Lambda's architectures to Go's.
var goArchitectures = map[string]string{"arm64": "arm64", "x86_64": "amd64"}

// lambdaGOARCH returns Go's name of the function's architecture.
func (m Machine) lambdaGOARCH() (string, error) {
	name, ok := goArchitectures[m.Architecture]
	if !ok {
		known := slices.Sorted(maps.Keys(goArchitectures))
		return "", fmt.Errorf("got architecture %s: give one of %s", m.Architecture, strings.Join(known, ", "))
	}
	return name, nil
}

// Platform returns the platform of the function's images, in the words of Docker.
func (m Machine) Platform() (string, error) {
	name, err := m.lambdaGOARCH()
	return "linux/" + name, err
}

func (m Machine) goOS() string { return cmp.Or(m.GOOS, "linux") }

func (m Machine) goArchitecture() (string, error) {
	own, err := m.lambdaGOARCH()
	return cmp.Or(m.GOARCH, own), err
}

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
		return nil, fmt.Errorf("got the context key cloudfurl:goos %s and no cloudfurl:python: give it the version of this machine's python3, such as %s", system, version)
	}
	_, err := m.lambdaGOARCH()
	return &bundle.Python{Version: version, Architecture: m.Architecture}, err
}

// nodeTarget returns what packages of npm are installed for.
func (m Machine) nodeTarget() (*bundle.Node, error) {
	cpu, err := m.goArchitecture()
	return bundle.NodeOf(m.goOS(), cpu), err
}

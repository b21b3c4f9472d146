package bundle

import (
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// A Python is what packages are installed for.
type Python struct {
	// Version is the version of Python, such as "3.13".
	Version string

	// Architecture is Lambda's name of the CPU: arm64 or x86_64.
	Architecture string

	// Native is whether packages are installed for this machine and its Python,
	// which has to have the Version.
	Native bool
}

// cpus are names of CPUs in wheels and in Go, by Lambda's.
var cpus = map[string]struct{ wheel, goarch string }{
	"arm64":  {"aarch64", "arm64"},
	"x86_64": {"x86_64", "amd64"},
}

// String names the Python in messages.
func (p *Python) String() string {
	if p.Native {
		return "Python " + p.Version + " of this machine"
	}
	return "Python " + p.Version + " on " + p.Architecture
}

// machine returns the machine that packages are installed for, if it is this one.
func (p *Python) machine() string {
	if p.Native {
		return runtime.GOOS + "/" + runtime.GOARCH
	}
	return ""
}

// isOld reports whether the runtime is on Amazon Linux 2, which has glibc 2.26. From
// Python 3.12 on, it is on Amazon Linux 2023, which has 2.34.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
// See: https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2-glibc-gcc-and-binutils.html
func (p *Python) isOld() bool {
	minor, err := strconv.Atoi(strings.TrimPrefix(p.Version, "3."))
	return err == nil && minor < 12
}

// executable returns a program of this machine that is the Python, or "".
func (p *Python) executable() string {
	for _, name := range []string{"python" + p.Version, "python3", "python"} {
		output, err := exec.Command(name, "-c", `import sys; print("%d.%d" % sys.version_info[:2])`).Output()
		if err == nil && strings.TrimSpace(string(output)) == p.Version {
			return name
		}
	}
	return ""
}

// noPython says that a Python which packages are installed for isn't there.
func (p *Python) noPython() error {
	return fmt.Errorf("the context key cloudfurl:python is %s, and there is no such Python in PATH: give the version of your python3", p.Version)
}

// Sentences of uv and pip.
//
// Seen: uv 0.13.9, pip 22.0 to 26.3.
var (
	noConnection = regexp.MustCompile(`client error \(Connect\)|dns error|error decoding response body|operation timed out|` +
		`NewConnectionError|ConnectTimeoutError|NameResolutionError|ProxyError|ReadTimeoutError|IncompleteRead|RemoteDisconnected|Max retries exceeded|Connection (refused|reset)|No route to host`)
	noWheel = regexp.MustCompile(`(has|have) no (usable )?wheels|Wheels are required|[Bb]uilding source distributions|there (is|are) no versions? of|not found in the (package registry|provided package locations)|` +
		`Could not find a version that satisfies`)
	noInterpreter = regexp.MustCompile(`No interpreter found|No virtual environment found|No system Python`)
)

// failure returns why uv or pip failed, by its output.
func (r *requirements) failure(tool string, err error, output string) error {
	output = strings.ReplaceAll(output, "\r", "")
	switch {
	case noInterpreter.MatchString(output):
		return fmt.Errorf("installing %s of %s needs python3, and there is none in PATH: install it from https://www.python.org\n%s", r.name, r.dir, output)
	case noConnection.MatchString(output):
		return fmt.Errorf("%s couldn't reach the package index to install %s of %s: connect to the network, or set UV_DEFAULT_INDEX to an index that you can reach\n%s",
			tool, r.name, r.dir, output)
	case noWheel.MatchString(output):
		return r.noWheel(output)
	}
	return fmt.Errorf("%s couldn't install %s of %s for %s (%w):\n%s", tool, r.name, r.dir, r.python, err, output)
}

// noWheel says that a package has no wheel, and what to do.
func (r *requirements) noWheel(output string) error {
	problem := fmt.Sprintf("the package index has no wheel of a package in %s of %s for %s", r.name, r.dir, r.python)
	if r.python.Native {
		return fmt.Errorf("%s: choose another version, or another Python\n%s", problem, output)
	}
	other, add := "x86_64", "the line --find-links wheels to "+requirementsFile
	if r.python.Architecture == other {
		other = "arm64"
	}
	if r.name == uvLockFile {
		add = "it by: uv add ./wheels/NAME.whl"
	}
	return fmt.Errorf("%s, and nothing is compiled: choose a version that has one, another Runtime, the Architecture %s, or ImageHandler; "+
		"or, if the package is Python only, make a wheel in the app's directory by: python3 -m pip wheel --no-deps --wheel-dir wheels NAME==VERSION, and add %s\n%s",
		problem, other, add, output)
}
